-- What a replica remembers: the epoch, how many rules and limits there are, the settings; and the time.
local meta = read('HMGET', 'meta', 'epoch', 'settings')
local now = redis.call('TIME')
return {meta[1] or '', read('HLEN', 'rules'), read('HLEN', 'limits'), meta[2] or '', now[1], now[2]}
