-- Count a use of each rule that applies to a call. ARGV[2] is the epoch of the rules that were compared, ARGV[3] the
-- draw, ARGV[4] the rules that match, in their order: number, chance, times (0: unlimited) and whether it decides, each.
-- Return the numbers of the rules that were taken, and of those that were found spent; nil if the epoch is over.
if ARGV[2] ~= (meta.epoch or '') then
    return nil
end
local draw, tried = tonumber(ARGV[3]), cmsgpack.unpack(ARGV[4])
local taken, spent = {}, {}
for place = 1, #tried, 4 do
    local number, chance, times = tried[place], tried[place + 1], tried[place + 2]
    if times > 0 and tonumber(read('HGET', 'rules:used', number) or 0) >= times then
        table.insert(spent, number)
    elseif draw < chance then
        draw = draw / chance -- the rest is as random as a new draw, for the rules that follow
        write('HINCRBY', 'rules:used', number, 1)
        table.insert(taken, number)
        if tried[place + 3] then
            break
        end
    else
        draw = (draw - chance) / (1 - chance)
    end
end
return {taken, spent}
