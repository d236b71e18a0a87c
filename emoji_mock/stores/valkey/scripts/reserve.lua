-- Reserve an image for a call of a detection model; return the quota that is used up, if one is.
local namespace, model, is_detector = ARGV[2], ARGV[3], ARGV[4] == '1'
local spend, images, seconds = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local price, life = tonumber(ARGV[8]), tonumber(ARGV[9])

local account = account_of(read('HGET', 'accounts', namespace))
local ledger, held = account.ledger or {}, account.reserved or {}
local now, under_way = tonumber(redis.call('TIME')[1]), 0
for name, ends in pairs(held) do
    while ends[1] and ends[1] <= now do
        table.remove(ends, 1)
    end
    held[name] = #ends > 0 and ends or nil
    under_way = under_way + #ends
end

if spend then
    local billed = (ledger.passed or 0) + (ledger.failed or 0) + (ledger.lost or 0)
    if (billed + under_way + 1) * price + (ledger['video nano'] or 0) > spend then
        return 'spend'
    end
end
if not is_detector then
    local used, beginning = 0, 'seconds ' .. model .. '\n'
    for name, amount in pairs(ledger) do
        if string.sub(name, 1, #beginning) == beginning then
            used = used + amount
        end
    end
    return seconds and used >= seconds and 'free' or ''
end
local mine = held[model] or {}
if images and (ledger['image ' .. model] or 0) + #mine >= images then
    return 'free'
end
table.insert(mine, now + life)
held[model], account.reserved = mine, held
keep_account(namespace, account)
return ''
