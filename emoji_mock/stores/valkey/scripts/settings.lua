-- Replace the settings that all replicas share.
set_meta('settings', ARGV[2])
renew_epoch()
return 1
