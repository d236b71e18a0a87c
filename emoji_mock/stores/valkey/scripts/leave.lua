-- End the call at the place ARGV[4] of a gate: it counts as under way until the time ARGV[5].
local name, until_then = gates_name(ARGV[2], ARGV[3]), tonumber(ARGV[5])
local gate = gates_get(name)
if not gate then
    return
end
local place, at = struct.pack('<d', tonumber(ARGV[4])), 0
repeat
    at = string.find(gate.calls, place, at + 1, true)
until not at or at % CALL == 1
if at then
    local before, after = string.sub(gate.calls, 1, at + 15), string.sub(gate.calls, at + CALL)
    gate.calls = before .. struct.pack('<d', until_then) .. after
    gate.soonest = math.min(gate.soonest, until_then)
    gates_put(name, gate)
end
