-- Find a file: nothing, its version alone if the caller has it, or its version and facts, and its bytes if they are few.
-- Arguments: uploads or pictures, key, the version that the caller has, how many bytes are sent.
local what, id, known, most = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local record = kept_record(what, id)

if not record then
    return false
end
shares_touch(what, record[1])
if record[4] == known then
    return { known }
end
return { record[4], record[6], record[2] <= most and read('HGET', what .. ':data', record[4]) or nil }
