-- Return the facts and the length of the newest files of all accounts, the newest first.
-- Arguments: uploads or pictures, how many.
local what, found = ARGV[2], {}

kept_batches(kept_newest(what, tonumber(ARGV[3])), function(ids)
    for _, packed in ipairs(read('HMGET', what .. ':held', unpack(ids))) do
        found[#found + 1] = cmsgpack.unpack(packed)[6]
    end
end)
return found
