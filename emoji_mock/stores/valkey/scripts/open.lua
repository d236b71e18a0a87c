-- Prepare the store for a replica. Return how many replicas have come, or 0 where there is something else already;
-- then its schema and its three bounds, as they were before; or else the key of another program, and its type. What is left
-- of a store without `meta` is deleted where it was open before (ARGV[6]), else taken for that of another program.
local function text(value)
    return value or ''
end

local kind, is_ours = read('TYPE', 'meta').ok, ARGV[6] == '1'
for _, name in ipairs(names()) do
    local other = read('TYPE', name).ok
    if other ~= 'none' and (other ~= 'hash' and other ~= 'zset' or kind == 'none' and not is_ours) then
        return {0, key(name), other}
    end
end
local schema = kind == 'hash' and read('HGET', 'meta', 'schema')
if kind ~= 'none' and not schema then
    return {0, key('meta'), kind}
end
if schema and schema ~= ARGV[2] then
    return {0, schema}
end
if kind == 'none' then
    for _, name in ipairs(names()) do
        redis.call('DEL', key(name))
    end
end
local before = read('HMGET', 'meta', 'journal_size', 'upload_bytes', 'kept_picture_bytes')
set_meta('schema', ARGV[2])
set_meta('journal_size', ARGV[3])
set_meta('upload_bytes', ARGV[4])
set_meta('kept_picture_bytes', ARGV[5])
if not meta.epoch then
    renew_epoch()
end
return {write('HINCRBY', 'meta', 'replicas', 1), text(before[1]), text(before[2]), text(before[3])}
