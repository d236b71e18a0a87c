-- Return the epoch, and the limits of the namespaces in the arguments.
return {meta.epoch or '', unpack(read('HMGET', 'limits', unpack(ARGV, 2)))}
