-- Reserve an image for a call of a detection model; return the quota that is used up, if one is.
local namespace, model, is_detector = ARGV[2], ARGV[3], ARGV[4] == '1'
local spend, images, seconds = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local price, life = tonumber(ARGV[8]), tonumber(ARGV[9])

local packed = read('HGET', 'ledger', namespace)
local ledger = packed and cmsgpack.unpack(packed) or {}
packed = read('HGET', 'reserved', namespace)
local held, now, under_way = packed and cmsgpack.unpack(packed) or {}, tonumber(redis.call('TIME')[1]), 0
for name, ends in pairs(held) do
    while ends[1] and ends[1] <= now do
        table.remove(ends, 1)
    end
    if #ends == 0 then
        held[name] = nil
    end
    under_way = under_way + #ends
end

if spend then
    local billed = (ledger.passed or 0) + (ledger.failed or 0) + (ledger.lost or 0)
    if (billed + under_way + 1) * price + (ledger['video nano'] or 0) > spend then
        return 'spend'
    end
end
if not is_detector then
    local used = 0
    for name, amount in pairs(ledger) do
        if string.sub(name, 1, #model + 9) == 'seconds ' .. model .. '\n' then
            used = used + amount
        end
    end
    return (seconds and used >= seconds) and 'free' or ''
end
local mine = held[model] or {}
if images and (ledger['image ' .. model] or 0) + #mine >= images then
    return 'free'
end
table.insert(mine, now + life)
held[model] = mine
write('HSET', 'reserved', namespace, cmsgpack.pack(held))
return ''
