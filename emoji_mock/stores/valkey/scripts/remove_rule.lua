-- Remove the rule with the number ARGV[2], and return it and how often it was used, or nil if there is none.
local number = tonumber(ARGV[2])
local value, used = read('HGET', 'rules', number), read('HGET', 'rules:used', number)
if not value then
    return nil
end
local namespace, left = cmsgpack.unpack(value)[1], {}
for _, other in ipairs(rules_numbers(namespace)) do
    if other ~= number then
        table.insert(left, other)
    end
end
rules_forget(namespace, {number})
rules_order(namespace, left)
renew_epoch()
return {value, used or 0}
