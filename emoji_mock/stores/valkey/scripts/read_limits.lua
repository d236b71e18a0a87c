-- Return the epoch, and the limits of the namespaces in the arguments.
return {read('HGET', 'meta', 'epoch') or '', unpack(read('HMGET', 'limits', unpack(ARGV, 2)))}
