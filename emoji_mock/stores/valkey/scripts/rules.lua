-- Rules. `rules` has each by its number, as [namespace, bytes, rule]; `rules:order` the numbers of each namespace in the
-- order in which they are tried; `rules:used` how often each was used. Everyone's are outside the shares.

local function rules_numbers(namespace)
    local packed = read('HGET', 'rules:order', namespace)
    return packed and cmsgpack.unpack(packed) or {}
end

local function rules_order(namespace, numbers)
    if #numbers == 0 then
        write('HDEL', 'rules:order', namespace)
    else
        write('HSET', 'rules:order', namespace, cmsgpack.pack(numbers))
    end
end

-- Remove rules of a namespace, but not from its order.
local function rules_forget(namespace, numbers)
    if #numbers == 0 then
        return
    end
    local size = 0
    for _, value in ipairs(read('HMGET', 'rules', unpack(numbers))) do
        size = size + cmsgpack.unpack(value)[2]
    end
    write('HDEL', 'rules', unpack(numbers))
    write('HDEL', 'rules:used', unpack(numbers))
    if namespace ~= EVERYONE then
        shares_remove('rules', namespace, size, #numbers)
    end
end

-- Remove the rules of a namespace, or all, and return how many there were.
local function rules_clear(namespace)
    if namespace then
        local numbers = rules_numbers(namespace)
        rules_forget(namespace, numbers)
        rules_order(namespace, {})
        return #numbers
    end
    local count = read('HLEN', 'rules')
    for _, part in ipairs({'', ':order', ':used', ':items', ':bytes', ':idle', ':total'}) do
        write('UNLINK', 'rules' .. part)
    end
    return count
end
