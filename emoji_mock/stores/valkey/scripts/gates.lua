-- Gates, which count calls. `gates` has each by its name, NAMESPACE .. NUL .. GATE: the time of its last call, the number
-- of its recent calls, and their times; then for each call under way its place, when it began, and when it ends (infinite:
-- not known yet). All are doubles, 8 bytes each: no list is unpacked to compare two of its times. `gates:idle` has their
-- names by their last use, `gates:of` in alphabetical order; `gates:total` counts the calls that are kept.
local HEAD, TIME, CALL = 16, 8, 24 -- bytes of the first two numbers, of a recent call, of a call under way

local function gates_name(namespace, gate)
    return namespace .. '\0' .. gate
end

local function gates_names(namespace)
    return read('ZRANGEBYLEX', 'gates:of', '[' .. namespace .. '\0', '(' .. namespace .. '\1')
end

-- Return a gate, or nil: `last`, `times`, and `calls` under way.
local function gates_get(name)
    local packed = read('HGET', 'gates', name)
    if not packed then
        return nil
    end
    local last, count = struct.unpack('<dd', packed)
    local middle = HEAD + TIME * count
    return {last = last, times = string.sub(packed, HEAD + 1, middle), calls = string.sub(packed, middle + 1)}
end

local function gates_put(name, gate)
    local head = struct.pack('<dd', gate.last, #gate.times / TIME)
    write('HSET', 'gates', name, head .. gate.times .. gate.calls)
end

-- Return how many calls are kept.
local function gates_kept(gate)
    return #gate.times / TIME + #gate.calls / CALL
end

-- Forget calls that no limit counts any longer, and those under way that began more than `longest` seconds ago and have no
-- end: their replica has been killed.
local function gates_prune(gate, now, window, longest)
    local place = 1
    while place <= #gate.times and now - struct.unpack('<d', gate.times, place) >= window do
        place = place + TIME
    end
    gate.times = string.sub(gate.times, place)
    local under_way = {}
    for at = 1, #gate.calls, CALL do
        local _, began, ends = struct.unpack('<ddd', gate.calls, at)
        if ends > now and (ends < math.huge or began + longest > now) then
            table.insert(under_way, string.sub(gate.calls, at, at + CALL - 1))
        end
    end
    gate.calls = table.concat(under_way)
end

-- Forget a gate, and return how many calls are kept without it.
local function gates_drop(name)
    write('ZREM', 'gates:idle', name)
    write('ZREM', 'gates:of', name)
    local kept = gates_kept(gates_get(name))
    write('HDEL', 'gates', name)
    return write('HINCRBY', 'gates:total', 'kept', -kept)
end

-- Forget the calls of a namespace.
local function gates_clear(namespace)
    for _, name in ipairs(gates_names(namespace)) do
        gates_drop(name)
    end
end
