-- How accounts share what is bounded: the rule of emoji_mock/fake/accounting/shares.py. WHAT:items and WHAT:bytes have
-- what each account holds, WHAT:idle when it was last in use, WHAT:total the sums.

-- Note that an account is in use, if it holds anything, and return a number that is larger than all before.
local function shares_touch(what, account)
    if read('ZSCORE', what .. ':idle', account) then
        local use = write('HINCRBY', what .. ':total', 'uses', 1)
        write('ZADD', what .. ':idle', use, account)
        return use
    end
end

-- Count `items` of `size` bytes together; the last `added` of them stay, by default all. Returns such a number, too.
local function shares_add(what, account, size, items, added)
    write('ZINCRBY', what .. ':items', items, account)
    write('ZINCRBY', what .. ':bytes', size, account)
    local use = write('HINCRBY', what .. ':total', 'uses', 1)
    write('ZADD', what .. ':idle', use, account)
    write('HINCRBY', what .. ':total', 'items', items)
    write('HINCRBY', what .. ':total', 'bytes', size)
    write('HSET', what .. ':total', 'newest', account, 'added', added or items)
    return use
end

local function shares_clear(what, account)
    local items, size = read('ZSCORE', what .. ':items', account), read('ZSCORE', what .. ':bytes', account)
    if items then
        write('HINCRBY', what .. ':total', 'items', -items)
        write('HINCRBY', what .. ':total', 'bytes', -size)
        for _, part in ipairs({':items', ':bytes', ':idle'}) do
            write('ZREM', what .. part, account)
        end
    end
end

local function shares_remove(what, account, size, items)
    write('HINCRBY', what .. ':total', 'items', -items)
    write('HINCRBY', what .. ':total', 'bytes', -size)
    local left = write('ZINCRBY', what .. ':items', -items, account)
    write('ZINCRBY', what .. ':bytes', -size, account)
    if tonumber(left) <= 0 then
        shares_clear(what, account)
    end
end

-- Of accounts that hold as much as `account`, return the one that was idle for the longest time, except `newest`.
local function idlest(what, account, equals, newest)
    local least
    for _, equal in ipairs(#equals > 1 and equals or {}) do
        local use = equal ~= newest and tonumber(read('ZSCORE', what .. ':idle', equal))
        if use and (not least or use < least) then
            account, least = equal, use
        end
    end
    return account
end

-- Return the account whose oldest item must be removed, or nil if no bound is exceeded.
local function shares_giving_way(what, most_items, room)
    local total = read('HMGET', what .. ':total', 'items', 'bytes', 'newest', 'added')
    local items, size = tonumber(total[1] or 0), tonumber(total[2] or 0)
    local by_size = items <= most_items
    if by_size and size <= room then
        return nil
    end
    local parts = what .. (by_size and ':bytes' or ':items')
    local largest = read('ZREVRANGE', parts, 0, 1, 'WITHSCORES')
    if #largest == 0 then
        return nil
    end
    local share = (by_size and room or most_items) / SHARES
    for place = 1, #largest, 2 do
        local account, holds = largest[place], largest[place + 1]
        if tonumber(holds) <= share then
            break
        end
        if account ~= total[3] or tonumber(read('ZSCORE', what .. ':items', account)) > tonumber(total[4]) then
            return idlest(what, account, read('ZRANGEBYSCORE', parts, holds, holds), total[3])
        end
    end
    return read('ZRANGE', what .. ':idle', 0, 0)[1]
end
