-- Prepare the store for a replica; return the schema that was there before, and how many replicas have come.
local schema = read('HGET', 'meta', 'schema')
if schema and schema ~= ARGV[2] then
    return {schema, 0}
end
write('HSET', 'meta', 'schema', ARGV[2], 'journal_size', ARGV[3], 'upload_bytes', ARGV[4], 'kept_picture_bytes', ARGV[5])
if not read('HGET', 'meta', 'epoch') then
    renew_epoch()
end
return {schema or '', write('HINCRBY', 'meta', 'replicas', 1)}
