-- Count a call at a gate, unless a limit refuses it (0: no limit). Return its place, the limit and the seconds to wait.
local DROPPED = 100 -- gates at once
local NOTED = 10 -- seconds after which the use of a gate is noted again
local LATE = 15 -- seconds that a call may have waited for the engine
local namespace, now = ARGV[2], tonumber(ARGV[4])
local rps, burst, concurrency = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local window, burst_window, longest = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
local most_gates, most_calls = tonumber(ARGV[11]), tonumber(ARGV[12])
local name = gates_name(namespace, ARGV[3])
local gate = gates_get(name)
local is_new, before = not gate, gate and gates_kept(gate) or 0

-- Return whether the clock was put back since the gate's last call. A call that had to wait for an engine is behind the
-- others, too: by the real time it came in a moment ago, and nobody has put that back.
local function is_put_back()
    if now >= gate.last - 1 then
        return false
    end
    local time = redis.call('TIME')
    local waited = time[1] + time[2] / 1000000 - now
    return waited < 0 or waited > LATE or now + waited < gate.last - 1
end

if is_new or is_put_back() then
    gate = gates_new(now)
end
now = math.max(gate.last, now) -- calls come here in another order than their requests
gate.last = now
gates_prune(gate, now, window, longest)

-- Return the seconds until fewer than `most` calls are within the last `within` seconds.
local function full_for(most, within)
    local place = #gate.times - TIME * most + 1
    if most == 0 or place < 1 then
        return 0
    end
    local at = struct.unpack('<d', gate.times, place)
    return now - at >= within and 0 or at + within - now
end

-- Return the seconds until fewer than `most` calls are under way; 1 if that is not known.
local function crowded_for(most)
    if most == 0 or #gate.calls < CALL * most then
        return 0
    end
    return gate.soonest == math.huge and 1 or gate.soonest - now
end

-- Return the first limit that refuses the call and the seconds to wait, or nothing.
local function refusal()
    local limit, wait = 'rps', full_for(rps, window)
    if wait <= 0 then
        limit, wait = 'burst', full_for(burst, burst_window)
    end
    if wait <= 0 then
        limit, wait = 'concurrency', crowded_for(concurrency)
    end
    return wait > 0 and limit or '', string.format('%.17g', wait)
end

-- Drop gates that count nothing any longer, and above a bound those that were idle for the longest time.
local function drop_idle(kept)
    local gates = read('ZCARD', 'gates:idle')
    for _ = 1, math.min(gates - 1, DROPPED) do -- the last one is that of this call
        local idlest = read('ZRANGE', 'gates:idle', 0, 0)[1]
        if kept <= most_calls and gates <= most_gates then
            local other = gates_get(idlest)
            gates_prune(other, now, window, longest)
            if now - other.last < window or gates_kept(other) > 0 then
                return
            end
        end
        kept, gates = gates_drop(idlest), gates - 1
    end
end

local refused_by, wait = refusal()
local place = 0
if refused_by == '' then
    local most = math.max(rps, burst)
    gate.times = most == 0 and '' or string.sub(gate.times .. struct.pack('<d', now), -TIME * most)
    if concurrency > 0 then
        place = write('HINCRBY', 'meta', 'last_place', 1)
        gate.calls = gate.calls .. struct.pack('<ddd', place, now, math.huge)
        gate.earliest = math.min(gate.earliest, now)
    end
end
local more = gates_kept(gate) - before
local kept = more == 0 and 0 or write('HINCRBY', 'gates:total', 'kept', more)
local is_more = is_new or kept > most_calls
if is_more or now - gate.noted >= NOTED then
    gate.noted = now
    write('ZADD', 'gates:idle', write('HINCRBY', 'gates:total', 'uses', 1), name)
end
gates_put(name, gate)
if is_new then
    write('ZADD', 'gates:of', 0, name)
end
if is_more then
    drop_idle(kept)
end
return {place, refused_by, wait}
