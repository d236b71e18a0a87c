-- Return for each gate of the namespaces in ARGV[6] and on: namespace, gate, and how many calls it counts at the time
-- ARGV[2] within the windows ARGV[3] and ARGV[4], and under way.
local now, window, burst_window, longest = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local reply = {}
for _, namespace in ipairs({unpack(ARGV, 6)}) do
    for _, name in ipairs(gates_names(namespace)) do
        local gate, recent, last = gates_get(name), 0, 0
        gates_prune(gate, now, window, longest)
        for at = 1, #gate.times, TIME do
            local ago = now - struct.unpack('<d', gate.times, at)
            recent = recent + (ago < window and 1 or 0)
            last = last + (ago < burst_window and 1 or 0)
        end
        table.insert(reply, {namespace, string.sub(name, #namespace + 2), recent, last, #gate.calls / CALL})
    end
end
return reply
