-- Accounts by namespace, each a map: `ledger`, the counts of the ledger; `entries` and `bytes` that it has in the journal;
-- `used`, the number of its last call; `reserved`, by model when each reserved image is free again at the latest.
local function account_of(packed)
    return packed and cmsgpack.unpack(packed) or {entries = 0, bytes = 0, used = 0}
end

-- Keep an account, or remove it if nothing is left of it.
local function keep_account(name, account)
    if account.ledger or account.entries > 0 or account.reserved then
        write('HSET', 'accounts', name, cmsgpack.pack(account))
    else
        write('HDEL', 'accounts', name)
    end
end

local function all_accounts()
    local found, accounts = read('HGETALL', 'accounts'), {}
    for place = 1, #found, 2 do
        accounts[found[place]] = account_of(found[place + 1])
    end
    return accounts
end

local function add(ledger, name, number)
    if number ~= 0 then
        ledger[name] = (ledger[name] or 0) + number
    end
end

-- The entries of an account in the journal, in the order of their numbers.
local function low_of(namespace)
    return '[' .. namespace .. '\0'
end

local function high_of(namespace)
    return '(' .. namespace .. '\1'
end

local function entry_of(namespace, number)
    return string.format('%s\0%016d', namespace, number)
end

local function number_of(entry)
    return tonumber(string.sub(entry, -16))
end

local function numbers_of(entries)
    local numbers = {}
    for place, entry in ipairs(entries) do
        numbers[place] = number_of(entry)
    end
    return numbers
end

-- Drop at most 500 entries from the journal.
local function drop_entries(entries)
    local numbers = numbers_of(entries)
    write('HDEL', 'entries', unpack(numbers))
    write('ZREM', 'entries:numbers', unpack(numbers))
    write('ZREM', 'entries:of', unpack(entries))
end

-- Return a function that returns the account that gives way next: of those with more than a share of what is bounded the
-- one that has the most (the newest only while it has other items than its last), of several that have as much the one
-- that was idle the longest; else, of all, the one that was idle the longest.
local function giving_way(accounts, what, items, share, newest)
    local large, order, place = {}, nil, 1
    for name, account in pairs(accounts) do
        if account[what] > share then
            large[#large + 1] = name
        end
    end
    local function is_before(one, other)
        return one[what] > other[what] or one[what] == other[what] and one.used < other.used
    end
    return function()
        local largest
        for _, name in ipairs(large) do
            local account = accounts[name]
            if account[what] > share and (name ~= newest or account[items] > 1)
                and (not largest or is_before(account, accounts[largest])) then
                largest = name
            end
        end
        if largest then
            return largest
        end
        if not order then
            order = {}
            for name in pairs(accounts) do
                order[#order + 1] = name
            end
            table.sort(order, function(one, other) return accounts[one].used < accounts[other].used end)
        end
        while order[place] and accounts[order[place]][items] <= 0 do
            place = place + 1
        end
        return order[place]
    end
end
