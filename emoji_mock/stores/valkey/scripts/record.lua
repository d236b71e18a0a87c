-- Append calls to the journal and enter each into its ledger; return for each twice its number, and 1 more if it was wasted.
local FIRST = 3 -- where the calls begin among the arguments
local numbers = string.gmatch(ARGV[2], '%d+')
local most_ledgers, most_pictures = tonumber(numbers()), tonumber(numbers())
local entry_bytes, least_bytes, overhead = tonumber(numbers()), tonumber(numbers()), tonumber(numbers())
local most = tonumber(meta.journal_size)
local room = math.max(least_bytes, most * entry_bytes)

local calls = {}
for place = FIRST, #ARGV, EACH do
    local namespace, digest = ARGV[place], ARGV[place + 2]
    local fact = string.gmatch(ARGV[place + 3] .. '\0', '(%Z*)%z')
    calls[#calls + 1] = {
        namespace = namespace, blob = ARGV[place + 1], billed = digest ~= '' and namespace .. '\0' .. digest,
        count = fact(), image = fact(), is_fault = fact() ~= '', lost = tonumber(fact()), video = tonumber(fact()),
        reserved = fact(), tariff = fact(), seconds = tonumber(fact()), nano = tonumber(fact()),
        uses = fact(),
    }
end

-- By how many bytes an entry exceeds its part of the room.
local function excess_of(size)
    return math.max(0, size + overhead - entry_bytes)
end

-- The accounts of the calls.
local accounts, owners = {}, {}
for _, call in ipairs(calls) do
    if not accounts[call.namespace] then
        accounts[call.namespace] = true
        owners[#owners + 1] = call.namespace
    end
end
for place, packed in ipairs(read('HMGET', 'accounts', unpack(owners))) do
    accounts[owners[place]] = account_of(packed)
end

-- Which billed calls repeat one that was billed and answered; the others are remembered.
local function mark_repeats()
    local asked, fresh, known = {}, {}, {}
    for _, call in ipairs(calls) do
        if call.billed then
            asked[#asked + 1] = call.billed
        end
    end
    if #asked == 0 then
        return
    end
    for place, score in ipairs(read('ZMSCORE', 'billed', unpack(asked))) do
        known[asked[place]] = score
    end
    for _, call in ipairs(calls) do
        if call.billed then
            call.wasted = known[call.billed]
            if not call.wasted and not call.is_fault then
                known[call.billed] = true
                fresh[#fresh + 1] = call.number
                fresh[#fresh + 1] = call.billed
            end
        end
    end
    if #fresh > 0 then
        write('ZADD', 'billed', unpack(fresh))
    end
end

-- Forget the pictures of accounts that give way, an eighth of all at once.
local function forget_pictures()
    local kept = read('ZCARD', 'billed')
    if kept <= most_pictures then
        return
    end
    local owned, counts, all = {}, {}, all_accounts()
    for _, member in ipairs(read('ZRANGE', 'billed', 0, -1)) do
        local owner = string.sub(member, 1, -10)
        if not owned[owner] then
            owned[owner], counts[owner] = {}, {items = 0, first = 1, used = all[owner] and all[owner].used or 0}
        end
        table.insert(owned[owner], member)
        counts[owner].items = #owned[owner]
    end
    local next_owner = giving_way(counts, 'items', 'items', most_pictures / SHARES, calls[#calls].namespace)
    local gone = {}
    for _ = 1, kept - most_pictures + math.floor(most_pictures / 8) do
        local owner = next_owner()
        local count = counts[owner]
        gone[#gone + 1] = owned[owner][count.first]
        count.first, count.items = count.first + 1, count.items - 1
    end
    in_batches(gone, function(members)
        write('ZREM', 'billed', unpack(members))
    end)
end

-- Count the uses of the rules that a call has taken; one that was removed meanwhile has none.
local function count_uses(call)
    for number in string.gmatch(call.uses, '%d+') do
        if read('HEXISTS', 'rules', number) == 1 then
            write('HINCRBY', 'rules:used', number, 1)
        end
    end
end

local function enter(call, account)
    if not account.ledger then
        account.ledger = {}
        set_meta('ledgers', (tonumber(meta.ledgers) or 0) + 1)
    end
    local ledger, held = account.ledger, account.reserved
    add(ledger, call.count, 1)
    add(ledger, 'wasted', call.wasted and 1 or 0)
    add(ledger, 'lost', call.lost or 0)
    add(ledger, 'videos', call.video or 0)
    if call.image ~= '' then
        add(ledger, call.image, 1)
    end
    if call.tariff ~= '' then
        ledger[call.tariff] = (ledger[call.tariff] or 0) + call.seconds
        add(ledger, 'video nano', call.nano)
    end
    if call.reserved ~= '' and held and held[call.reserved] then
        table.remove(held[call.reserved], 1)
        held[call.reserved] = #held[call.reserved] > 0 and held[call.reserved] or nil
        account.reserved = next(held) and held or nil
    end
end

-- Add up the ledgers that were idle for the longest time, where there are too many: a hundredth of them at once.
local function merge_idle()
    local all, order = all_accounts(), {}
    for name, account in pairs(all) do
        if account.ledger and name ~= EARLIER then
            order[#order + 1] = name
        end
    end
    table.sort(order, function(one, other) return all[one].used < all[other].used end)
    local earlier = all[EARLIER] or account_of()
    earlier.ledger = earlier.ledger or {}
    for place = 1, #order - most_ledgers + math.floor(most_ledgers / 100) do
        local account = all[order[place]]
        for name, number in pairs(account.ledger) do
            add(earlier.ledger, name, number)
        end
        account.ledger = nil
        keep_account(order[place], account)
    end
    keep_account(EARLIER, earlier)
    set_meta('ledgers', math.min(#order, most_ledgers - math.floor(most_ledgers / 100)))
end

-- Drop the oldest `surplus` entries of an account, and return how many they were and how many bytes they took.
local function drop_oldest(name, account, surplus)
    local gone = read('ZRANGEBYLEX', 'entries:of', low_of(name), high_of(name), 'LIMIT', 0, surplus)
    local freed = 0
    for _, number in ipairs(account.bytes > 0 and numbers_of(gone) or {}) do
        freed = freed + excess_of(read('HSTRLEN', 'entries', number))
    end
    if #gone > 0 then
        drop_entries(gone)
    end
    return #gone, freed
end

-- Drop entries of the accounts that give way, until both bounds hold.
local function make_room()
    local all, touched, newest = all_accounts(), {}, calls[#calls].namespace
    local of_number = giving_way(all, 'entries', 'entries', most / SHARES, newest)
    local of_size = giving_way(all, 'bytes', 'entries', room / SHARES, newest)
    while meta.entries > most or meta.bytes > room do
        local name = meta.entries > most and of_number() or of_size()
        local account = all[name]
        local surplus = math.max(1, math.min(meta.entries - most, math.floor(account.entries / 64), 500))
        local count, freed = drop_oldest(name, account, surplus)
        account.entries, account.bytes = count > 0 and account.entries - count or 0, account.bytes - freed
        set_meta('entries', meta.entries - count)
        set_meta('bytes', meta.bytes - freed)
        touched[name] = account
    end
    for name, account in pairs(touched) do
        keep_account(name, account)
    end
end

local last = tonumber(meta.last or 0)
for place, call in ipairs(calls) do
    call.number = last + place
end
set_meta('last', last + #calls)
mark_repeats()
local blobs, numbers, entries, replies, added = {}, {}, {}, {}, 0
for place, call in ipairs(calls) do
    local account, blob = accounts[call.namespace], (call.wasted and '1' or '0') .. '0' .. call.blob
    enter(call, account)
    count_uses(call)
    local excess = excess_of(#blob)
    account.entries, account.bytes, account.used = account.entries + 1, account.bytes + excess, call.number
    added = added + excess
    blobs[#blobs + 1], blobs[#blobs + 2] = call.number, blob
    numbers[#numbers + 1], numbers[#numbers + 2] = call.number, call.number
    entries[#entries + 1], entries[#entries + 2] = 0, entry_of(call.namespace, call.number)
    replies[place] = call.number * 2 + (call.wasted and 1 or 0)
end
write('HSET', 'entries', unpack(blobs))
write('ZADD', 'entries:numbers', unpack(numbers))
write('ZADD', 'entries:of', unpack(entries))
local packed = {}
for name, account in pairs(accounts) do
    packed[#packed + 1], packed[#packed + 2] = name, cmsgpack.pack(account)
end
write('HSET', 'accounts', unpack(packed))
set_meta('entries', (tonumber(meta.entries) or 0) + #calls)
set_meta('bytes', (tonumber(meta.bytes) or 0) + added)
if meta.entries > most + math.floor(most / 100) or meta.bytes > room + math.floor(room / 100) then
    make_room()
end
if meta.ledgers and tonumber(meta.ledgers) > most_ledgers then
    merge_idle()
end
if last % 128 + #calls >= 128 then
    forget_pictures()
end
return replies
