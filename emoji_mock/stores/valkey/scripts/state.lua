-- What a replica remembers: the epoch, how many rules and limits there are, the settings; and the time.
local now = redis.call('TIME')
return {meta.journal_size and meta.epoch or '', read('HLEN', 'rules'), read('HLEN', 'limits'), read('HGET', 'meta', 'settings') or '', now[1], now[2]}
