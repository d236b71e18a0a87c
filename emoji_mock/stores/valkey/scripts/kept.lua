-- What accounts keep within bounds that they share (shares.lua): uploads, pictures and tasks, each under an id.
-- WHAT:held has a record of each by id: {account, bytes, items, version, ...}; WHAT:data its bytes by version, which Lua
-- never decodes; WHAT:order its number; WHAT:of is sorted by account and number, as all scores are 0.

-- The account's length before its name: no account's entries then begin as another's do, whatever is in the names.
local function kept_prefix(account)
    return #account .. ':' .. account
end

local function kept_entry(account, number, id)
    return kept_prefix(account) .. string.format('%016.0f', number) .. id
end

local function kept_id(account, entry)
    return string.sub(entry, #kept_prefix(account) + 17)
end

-- The range of an account's entries: ':' is the byte after '9'.
local function kept_range(account)
    return '[' .. kept_prefix(account) .. '0', '(' .. kept_prefix(account) .. ':'
end

local function kept_record(what, id)
    local packed = read('HGET', what .. ':held', id)
    return packed and cmsgpack.unpack(packed)
end

local function kept_records(what, ids)
    local records = read('HMGET', what .. ':held', unpack(ids))
    for index, packed in ipairs(records) do
        records[index] = cmsgpack.unpack(packed)
    end
    return records
end

local function kept_put(what, id, record)
    write('HSET', what .. ':held', id, cmsgpack.pack(record))
end

local function kept_place(what, id, account, number)
    write('ZADD', what .. ':order', number, id)
    write('ZADD', what .. ':of', 0, kept_entry(account, number, id))
end

local function kept_displace(what, id, account)
    local number = tonumber(read('ZSCORE', what .. ':order', id))
    write('ZREM', what .. ':of', kept_entry(account, number, id))
end

local function kept_oldest(what, account)
    local first, last = kept_range(account)
    local entry = read('ZRANGEBYLEX', what .. ':of', first, last, 'LIMIT', 0, 1)[1]
    return entry and kept_id(account, entry)
end

-- Make a kept item the newest of all, and its account the one that was used last.
local function kept_renew(what, id, record)
    kept_displace(what, id, record[1])
    kept_place(what, id, record[1], shares_touch(what, record[1]))
end

local function kept_drop(what, id, record)
    local account, size, items = unpack(record, 1, 3)
    kept_displace(what, id, account)
    write('ZREM', what .. ':order', id)
    write('HDEL', what .. ':held', id)
    write('HDEL', what .. ':data', record[4])
    shares_remove(what, account, size, items)
    if what == 'tasks' and not kept_oldest(what, account) then
        write('HDEL', 'tasks:free', account)
    end
end

-- Keep `data` under `id`, and drop the oldest of accounts that give way.
local function kept_add(what, id, record, data, most_items, room)
    local account, size, items = unpack(record, 1, 3)
    kept_put(what, id, record)
    write('HSET', what .. ':data', record[4], data)
    kept_place(what, id, account, shares_add(what, account, size, items))
    local giving = shares_giving_way(what, most_items, room)
    while giving do
        local oldest = kept_oldest(what, giving)
        if oldest then
            kept_drop(what, oldest, kept_record(what, oldest))
        else
            shares_clear(what, giving)
        end
        giving = shares_giving_way(what, most_items, room)
    end
end

-- The newest ids of all accounts, the newest first.
local function kept_newest(what, limit)
    return read('ZREVRANGE', what .. ':order', 0, limit - 1)
end

-- The ids of an account, the oldest first.
local function kept_of(what, account)
    local ids, first, last = {}, kept_range(account)
    for index, entry in ipairs(read('ZRANGEBYLEX', what .. ':of', first, last)) do
        ids[index] = kept_id(account, entry)
    end
    return ids
end

-- Drop what `account` keeps.
local function kept_clear(what, account)
    in_batches(kept_of(what, account), function(ids)
        local versions = {}
        for index, record in ipairs(kept_records(what, ids)) do
            versions[index] = record[4]
        end
        write('HDEL', what .. ':held', unpack(ids))
        write('HDEL', what .. ':data', unpack(versions))
        write('ZREM', what .. ':order', unpack(ids))
    end)
    write('ZREMRANGEBYLEX', what .. ':of', kept_range(account))
    shares_clear(what, account)
end

local function files_clear(account)
    kept_clear('uploads', account)
    kept_clear('pictures', account)
end

local function tasks_clear(account)
    kept_clear('tasks', account)
    write('HDEL', 'tasks:free', account)
end
