-- Replace the limits of the namespace ARGV[2] by ARGV[3], or remove them if that is empty. Above ARGV[4] namespaces,
-- those that were idle for the longest time give way, but never everyone's.
local namespace = ARGV[2]
if ARGV[3] == '' then
    limits_clear(namespace)
else
    write('HSET', 'limits', namespace, ARGV[3])
    limits_touch(namespace)
    local idlest = read('ZRANGE', 'limits:idle', 0, 0)[1]
    if idlest and read('HLEN', 'limits') > tonumber(ARGV[4]) then
        limits_clear(idlest)
    end
end
renew_epoch()
