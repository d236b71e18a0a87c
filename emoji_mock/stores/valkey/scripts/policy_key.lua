-- Return the key that signs upload policies and links for all replicas: the one that was given first.
local known = read('HGET', 'meta', 'policy_key')
if not known then
    set_meta('policy_key', ARGV[2])
end
return known or ARGV[2]
