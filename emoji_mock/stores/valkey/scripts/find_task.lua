-- Find a task: nothing, or its version, when it begins, when it was cancelled, and its bytes unless the caller has them.
-- Arguments: id, the version that the caller has.
local id, known = ARGV[2], ARGV[3]
local record = kept_record('tasks', id)

if not record then
    return false
end
shares_touch('tasks', record[1])
local found = { record[4], exact(record[BEGINS]), exact(record[CANCELLED]) }
if record[4] ~= known then
    found[4] = read('HGET', 'tasks:data', id)
end
return found
