-- A part of the journal: how many entries are kept, the last number, the resets, and the numbers with their entries.
local namespace, is_one, after, before, most = ARGV[2], ARGV[3] == '1', tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local newest_first = ARGV[7] == '1'
local kept, numbers
if is_one then
    local low, high = '[' .. namespace .. '\0', '(' .. namespace .. '\1'
    kept = read('ZLEXCOUNT', 'entries:of', low, high)
    low = string.format('(%s\0%016d', namespace, after)
    if before then
        high = string.format('(%s\0%016d', namespace, before)
    end
    numbers = newest_first and read('ZREVRANGEBYLEX', 'entries:of', high, low, 'LIMIT', 0, most)
        or read('ZRANGEBYLEX', 'entries:of', low, high, 'LIMIT', 0, most)
    for place, member in ipairs(numbers) do
        numbers[place] = string.format('%d', tonumber(string.sub(member, -16)))
    end
else
    kept = read('ZCARD', 'entries:numbers')
    local low, high = '(' .. after, before and '(' .. before or '+inf'
    numbers = newest_first and read('ZREVRANGEBYSCORE', 'entries:numbers', high, low, 'LIMIT', 0, most)
        or read('ZRANGEBYSCORE', 'entries:numbers', low, high, 'LIMIT', 0, most)
end
local found = {}
for _, number in ipairs(numbers) do
    found[#found + 1] = number
    found[#found + 1] = read('HGET', 'entries', number)
end
local meta = read('HMGET', 'meta', 'last', 'resets')
return {kept, tonumber(meta[1] or 0), tonumber(meta[2] or 0), found}
