-- Keep a file: 0 if its key is taken, 1 if it is done, 2 if its bytes must be sent.
-- Arguments: uploads or pictures, the field of `meta` with the room, key, account, now, until, bytes, items, most items,
-- version, facts, and the bytes of the file, unless they were left out to learn first whether they are wanted.
local what, room_field, id, account = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local now, ends, size, items, most_items = unpack({
    tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
})
local version, facts, data = ARGV[11], ARGV[12], ARGV[13]
local room = tonumber(read('HGET', 'meta', room_field))
local existing = kept_record(what, id)

if existing and existing[5] > now then
    return 0
end
if existing and existing[4] == version then
    kept_renew(what, id, existing)
    return 1
end
if size <= room and not data then
    return 2
end
if existing then
    kept_drop(what, id, existing)
end
if size <= room then
    kept_add(what, id, { account, size, items, version, ends, facts }, data, most_items, room)
end
return 1
