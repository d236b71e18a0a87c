-- Find a task: nothing, or its version, when it begins, when it was cancelled, and its bytes if they are few, unless the
-- caller has them. Arguments: id, the version that the caller has, how many bytes are sent.
local id, known, most = ARGV[2], ARGV[3], tonumber(ARGV[4])
local record = kept_record('tasks', id)

if not record then
    return false
end
shares_touch('tasks', record[1])
local found = { record[4], exact(record[BEGINS]), exact(record[CANCELLED]) }
if record[4] ~= known and record[2] <= most then
    found[4] = read('HGET', 'tasks:data', record[4])
end
return found
