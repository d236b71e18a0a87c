-- Give a namespace the rules in ARGV[4], numbers of those that it keeps and new ones, if its order is still ARGV[3] (*: any).
-- Return the number of the last new rule, and the namespaces that gave way, each of which lost its last rule.
local namespace, items = ARGV[2], cmsgpack.unpack(ARGV[4])
local most_items, room = tonumber(ARGV[5]), tonumber(ARGV[6])
if ARGV[3] ~= '*' and ARGV[3] ~= (read('HGET', 'rules:order', namespace) or '') then
    return nil
end
local kept, gone, added, size = {}, {}, {}, 0
for _, item in ipairs(items) do
    if type(item) == 'number' then
        kept[item] = true
    else
        table.insert(added, item)
        size = size + item[2]
    end
end
for _, number in ipairs(rules_numbers(namespace)) do
    if not kept[number] then
        table.insert(gone, number)
    end
end
rules_forget(namespace, gone)
local last = write('HINCRBY', 'meta', 'last_rule', #added)
local next_number, numbers = last - #added, {}
for place, item in ipairs(items) do
    if type(item) ~= 'number' then
        next_number = next_number + 1
        write('HSET', 'rules', next_number, cmsgpack.pack(item))
        item = next_number
    end
    numbers[place] = item
end
rules_order(namespace, numbers)
local dropped = {}
if #added > 0 and namespace ~= EVERYONE then
    shares_add('rules', namespace, size, #added, 1)
    local orders, account = {}, shares_giving_way('rules', most_items, room)
    while account do
        orders[account] = orders[account] or rules_numbers(account)
        rules_forget(account, {table.remove(orders[account])})
        table.insert(dropped, account)
        account = shares_giving_way('rules', most_items, room)
    end
    for account, left in pairs(orders) do
        rules_order(account, left)
    end
end
renew_epoch()
return {last, dropped}
