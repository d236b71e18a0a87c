-- Return the facts and the length of the newest files of all accounts, the newest first.
-- Arguments: uploads or pictures, how many.
local what, found = ARGV[2], {}

in_batches(kept_newest(what, tonumber(ARGV[3])), function(ids)
    for _, record in ipairs(kept_records(what, ids)) do
        found[#found + 1] = record[6]
    end
end)
return found
