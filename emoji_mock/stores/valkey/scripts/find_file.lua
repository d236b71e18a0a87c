-- Find a file: nothing, its version alone if the caller has it, or its version, facts and bytes.
-- Arguments: uploads or pictures, key, the version that the caller has.
local what, id, known = ARGV[2], ARGV[3], ARGV[4]
local record = kept_record(what, id)

if not record then
    return false
end
shares_touch(what, record[1])
if record[4] == known then
    return { known }
end
return { record[4], record[6], read('HGET', what .. ':data', id) }
