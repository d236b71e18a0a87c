-- Replace the settings that all replicas share; with ARGV[3], only if there are none.
if ARGV[3] == '1' and read('HEXISTS', 'meta', 'settings') == 1 then
    return 0
end
write('HSET', 'meta', 'settings', ARGV[2])
renew_epoch()
return 1
