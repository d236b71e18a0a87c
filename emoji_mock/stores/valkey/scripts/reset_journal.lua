local function reset_journal(namespace)
    local low, high = '[' .. namespace .. '\0', '(' .. namespace .. '\1'
    for _, member in ipairs(read('ZRANGEBYLEX', 'entries:of', low, high)) do
        local number = tonumber(string.sub(member, -16))
        write('HDEL', 'entries', number)
        write('HDEL', 'entries:wide', number)
        write('ZREM', 'entries:numbers', number)
        write('ZREM', 'entries:of', member)
    end
    shares_clear('entries', namespace)
    for _, member in ipairs(read('ZRANGEBYLEX', 'billed:of', low, high)) do
        write('HDEL', 'billed', namespace .. '\0' .. string.sub(member, #namespace + 18))
        write('ZREM', 'billed:of', member)
    end
    shares_clear('billed', namespace)
    write('HDEL', 'ledger', namespace)
    write('ZREM', 'ledger:idle', namespace)
end
