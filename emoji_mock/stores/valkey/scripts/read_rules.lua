-- Return the epoch, and for each namespace in the arguments, or for all: its name, its order, its rules, their uses.
local namespaces = {unpack(ARGV, 2)}
if #namespaces == 0 then
    namespaces = read('HKEYS', 'rules:order')
end
local reply = {meta.epoch or ''}
for _, namespace in ipairs(namespaces) do
    local order = read('HGET', 'rules:order', namespace)
    if order then
        local numbers = cmsgpack.unpack(order)
        local values = read('HMGET', 'rules', unpack(numbers))
        table.insert(reply, {namespace, order, numbers, values, read('HMGET', 'rules:used', unpack(numbers))})
    end
end
return reply
