-- Gates, which count calls. `gates` has each by its name, NAMESPACE .. NUL .. GATE, as doubles of 8 bytes, so that two times
-- of a list are compared without the others: the time of the last call; when `gates:idle` noted it; the soonest end and the
-- earliest beginning of calls under way, or sooner; the number of recent calls, and the time of each; then for each call
-- under way its place, its beginning, and its end (infinite: not known yet). `gates:idle` has the names by their last use,
-- `gates:of` in alphabetical order; `gates:total` counts the calls that are kept.
local HEAD, TIME, CALL = 40, 8, 24 -- bytes of the first five numbers, of a recent call, of a call under way

local function gates_name(namespace, gate)
    return namespace .. '\0' .. gate
end

local function gates_names(namespace)
    return read('ZRANGEBYLEX', 'gates:of', '[' .. namespace .. '\0', '(' .. namespace .. '\1')
end

local function gates_new(now)
    return {last = now, noted = -math.huge, soonest = math.huge, earliest = math.huge, times = '', calls = ''}
end

local function gates_get(name)
    local packed = read('HGET', 'gates', name)
    if not packed then
        return nil
    end
    local last, noted, soonest, earliest, count = struct.unpack('<ddddd', packed)
    local middle = HEAD + TIME * count
    local times, calls = string.sub(packed, HEAD + 1, middle), string.sub(packed, middle + 1)
    return {last = last, noted = noted, soonest = soonest, earliest = earliest, times = times, calls = calls}
end

local function gates_put(name, gate)
    local count = #gate.times / TIME
    local head = struct.pack('<ddddd', gate.last, gate.noted, gate.soonest, gate.earliest, count)
    write('HSET', 'gates', name, head .. gate.times .. gate.calls)
end

-- Return how many calls are kept.
local function gates_kept(gate)
    return #gate.times / TIME + #gate.calls / CALL
end

-- Forget calls that no limit counts any longer, and those under way that began more than `longest` seconds ago and have no
-- end: their replica has been killed.
local function gates_prune(gate, now, window, longest)
    local first = 1
    while first <= #gate.times and now - struct.unpack('<d', gate.times, first) >= window do
        first = first + TIME
    end
    if first > 1 then
        gate.times = string.sub(gate.times, first)
    end
    if gate.soonest > now and gate.earliest + longest > now then
        return
    end
    local under_way, soonest, earliest = {}, math.huge, math.huge
    for at = 1, #gate.calls, CALL do
        local _, began, ends = struct.unpack('<ddd', gate.calls, at)
        local is_known = ends < math.huge
        if ends > now and (is_known or began + longest > now) then
            table.insert(under_way, string.sub(gate.calls, at, at + CALL - 1))
            soonest = math.min(soonest, ends)
            earliest = is_known and earliest or math.min(earliest, began)
        end
    end
    gate.calls, gate.soonest, gate.earliest = table.concat(under_way), soonest, earliest
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
