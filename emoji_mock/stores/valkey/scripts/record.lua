-- Append a call to the journal and enter it into its ledger; return twice its number, and one more if it was wasted.
local namespace, blob, count, image, is_lost, is_video = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local digest, is_fault, reserved = ARGV[8], ARGV[9], ARGV[10]
local place, seconds, nano, excess = ARGV[11], tonumber(ARGV[12]), tonumber(ARGV[13]), tonumber(ARGV[14])
local most_ledgers, most_pictures, entry_bytes, least_bytes = tonumber(ARGV[15]), tonumber(ARGV[16]), tonumber(ARGV[17]), tonumber(ARGV[18])
local EARLIER = '(earlier)'
local PICTURE_BYTES = 256

-- Whether a billed call repeats one that was billed and answered; it is remembered if not.
local function is_repeat()
    local known = namespace .. '\0' .. digest
    if read('HEXISTS', 'billed', known) == 1 then
        return true
    end
    if is_fault == '0' then
        local member = string.format('%s\0%016d', namespace, write('HINCRBY', 'billed:total', 'last', 1))
        write('HSET', 'billed', known, member)
        write('ZADD', 'billed:of', 0, member .. digest)
        shares_add('billed', namespace, PICTURE_BYTES, 1)
        local account = shares_giving_way('billed', most_pictures, most_pictures * PICTURE_BYTES)
        while account do
            local oldest = read('ZRANGEBYLEX', 'billed:of', '[' .. account .. '\0', '(' .. account .. '\1', 'LIMIT', 0, 1)[1]
            write('ZREM', 'billed:of', oldest)
            write('HDEL', 'billed', account .. '\0' .. string.sub(oldest, #account + 18))
            shares_remove('billed', account, PICTURE_BYTES, 1)
            account = shares_giving_way('billed', most_pictures, most_pictures * PICTURE_BYTES)
        end
    end
    return false
end

local function ledger_of(name)
    local packed = read('HGET', 'ledger', name)
    return packed and cmsgpack.unpack(packed) or {}
end

local function add(ledger, name, number)
    if number ~= 0 then
        ledger[name] = (ledger[name] or 0) + number
    end
end

local function free_reserved()
    local packed = read('HGET', 'reserved', namespace)
    local held = packed and cmsgpack.unpack(packed) or {}
    if held[reserved] then
        table.remove(held[reserved], 1)
        if #held[reserved] == 0 then
            held[reserved] = nil
        end
        if next(held) then
            write('HSET', 'reserved', namespace, cmsgpack.pack(held))
        else
            write('HDEL', 'reserved', namespace)
        end
    end
end

-- Add up the ledgers that were idle for the longest time, where there are too many.
local function merge_idle()
    while read('ZCARD', 'ledger:idle') > most_ledgers do
        local idlest = write('ZPOPMIN', 'ledger:idle')[1]
        local sum = ledger_of(EARLIER)
        for name, number in pairs(ledger_of(idlest)) do
            add(sum, name, number)
        end
        write('HSET', 'ledger', EARLIER, cmsgpack.pack(sum))
        write('HDEL', 'ledger', idlest)
    end
end

local number = write('HINCRBY', 'meta', 'last', 1)
if reserved ~= '' then
    free_reserved()
end
local wasted = digest ~= '' and is_repeat()

local ledger = ledger_of(namespace)
add(ledger, count, 1)
add(ledger, 'wasted', wasted and 1 or 0)
add(ledger, 'lost', tonumber(is_lost))
add(ledger, 'videos', tonumber(is_video))
if image ~= '' then
    add(ledger, image, 1)
end
if place ~= '' then
    ledger[place] = (ledger[place] or 0) + seconds
    add(ledger, 'video nano', nano)
end
write('HSET', 'ledger', namespace, cmsgpack.pack(ledger))
write('ZADD', 'ledger:idle', number, namespace)
merge_idle()

write('HSET', 'entries', number, (wasted and '1' or '0') .. '0' .. blob)
write('ZADD', 'entries:numbers', number, number)
write('ZADD', 'entries:of', 0, string.format('%s\0%016d', namespace, number))
if excess > 0 then
    write('HSET', 'entries:wide', number, excess)
end
shares_add('entries', namespace, excess, 1)
local most = tonumber(read('HGET', 'meta', 'journal_size'))
local room = math.max(least_bytes, most * entry_bytes)
local account = shares_giving_way('entries', most, room)
while account do
    local oldest = read('ZRANGEBYLEX', 'entries:of', '[' .. account .. '\0', '(' .. account .. '\1', 'LIMIT', 0, 1)[1]
    local dropped = tonumber(string.sub(oldest, -16))
    write('ZREM', 'entries:of', oldest)
    write('ZREM', 'entries:numbers', dropped)
    write('HDEL', 'entries', dropped)
    local wide = tonumber(read('HGET', 'entries:wide', dropped) or 0)
    if wide > 0 then
        write('HDEL', 'entries:wide', dropped)
    end
    shares_remove('entries', account, wide, 1)
    account = shares_giving_way('entries', most, room)
end
return number * 2 + (wasted and 1 or 0)
