-- A part of the journal: how many entries are kept, the last number, the resets, and the numbers with their entries.
local namespace, is_one, after, before, most = ARGV[2], ARGV[3] == '1', tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local newest_first = ARGV[7] == '1'
local kept, numbers
if is_one then
    local low, high = low_of(namespace), high_of(namespace)
    kept = read('ZLEXCOUNT', 'entries:of', low, high)
    low = after > 0 and '(' .. entry_of(namespace, after) or low
    high = before and '(' .. entry_of(namespace, before) or high
    numbers = newest_first and read('ZREVRANGEBYLEX', 'entries:of', high, low, 'LIMIT', 0, most)
        or read('ZRANGEBYLEX', 'entries:of', low, high, 'LIMIT', 0, most)
    numbers = numbers_of(numbers)
else
    kept = read('ZCARD', 'entries:numbers')
    local low, high = '(' .. after, before and '(' .. before or '+inf'
    numbers = newest_first and read('ZREVRANGEBYSCORE', 'entries:numbers', high, low, 'LIMIT', 0, most)
        or read('ZRANGEBYSCORE', 'entries:numbers', low, high, 'LIMIT', 0, most)
end
local found = {}
for place, entry in ipairs(#numbers > 0 and read('HMGET', 'entries', unpack(numbers)) or {}) do
    found[#found + 1] = numbers[place]
    found[#found + 1] = entry
end
return {kept, tonumber(meta.last or 0), tonumber(meta.resets or 0), found}
