-- Return the key that signs upload policies and links for all replicas: the one that was given first.
write('HSETNX', 'meta', 'policy_key', ARGV[2])
return read('HGET', 'meta', 'policy_key')
