-- Mark an entry of the journal, if it is still kept.
local entry = read('HGET', 'entries', ARGV[2])
if entry then
    write('HSET', 'entries', ARGV[2], string.sub(entry, 1, 1) .. '1' .. string.sub(entry, 3))
end
return 0
