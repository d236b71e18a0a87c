local function reset_journal(namespace)
    in_batches(read('ZRANGEBYLEX', 'entries:of', low_of(namespace), high_of(namespace)), drop_entries)
    local billed = {}
    for _, member in ipairs(read('ZRANGE', 'billed', 0, -1)) do
        if string.sub(member, 1, -10) == namespace then
            billed[#billed + 1] = member
        end
    end
    in_batches(billed, function(members)
        write('ZREM', 'billed', unpack(members))
    end)
    local account = account_of(read('HGET', 'accounts', namespace))
    set_meta('entries', (tonumber(meta.entries) or 0) - account.entries)
    set_meta('bytes', (tonumber(meta.bytes) or 0) - account.bytes)
    if account.ledger then
        set_meta('ledgers', tonumber(meta.ledgers) - 1)
    end
    account.ledger, account.entries, account.bytes = nil, 0, 0
    keep_account(namespace, account)
end

-- Forget all calls, and return a table of the keys that had them. Images of calls under way stay reserved.
local function reset_journals()
    local all, keys = all_accounts(), {accounts = true, entries = true, ['entries:numbers'] = true, ['entries:of'] = true, billed = true}
    for name in pairs(keys) do
        write('DEL', name)
    end
    for name, account in pairs(all) do
        if account.reserved then
            keep_account(name, {entries = 0, bytes = 0, used = account.used, reserved = account.reserved})
        end
    end
    for _, field in ipairs({'entries', 'bytes', 'ledgers'}) do
        set_meta(field, 0)
    end
    return keys
end
