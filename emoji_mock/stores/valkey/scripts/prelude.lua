-- Before every script. KEYS[1] is the prefix of all keys, ARGV[1] the epoch on which the call relies, or nothing.
local LIFE = 7 * 24 * 3600 -- seconds after the last use
local RENEWED = 3600 -- seconds after which the life of all keys is renewed
local NAMES = {
    'meta', 'rules', 'rules:order', 'rules:used', 'rules:items', 'rules:bytes', 'rules:idle', 'rules:total',
    'limits', 'limits:idle', 'gates', 'gates:idle', 'gates:of', 'gates:total',
    'entries', 'entries:numbers', 'entries:of', 'entries:wide', 'entries:items', 'entries:bytes', 'entries:idle', 'entries:total',
    'ledger', 'ledger:idle', 'reserved', 'billed', 'billed:of', 'billed:items', 'billed:bytes', 'billed:idle', 'billed:total',
    'uploads:held', 'uploads:data', 'uploads:order', 'uploads:of', 'uploads:items', 'uploads:bytes', 'uploads:idle', 'uploads:total',
    'pictures:held', 'pictures:data', 'pictures:order', 'pictures:of', 'pictures:items', 'pictures:bytes', 'pictures:idle', 'pictures:total',
    'tasks:held', 'tasks:data', 'tasks:order', 'tasks:of', 'tasks:free', 'tasks:items', 'tasks:bytes', 'tasks:idle', 'tasks:total',
}
local written = {}

local function key(name)
    return KEYS[1] .. ':' .. name
end

local function read(command, name, ...)
    return redis.call(command, key(name), ...)
end

local function write(command, name, ...)
    written[name] = true
    return redis.call(command, key(name), ...)
end

-- Let all replicas read rules, limits and settings anew: the epoch is another one from now on.
local function renew_epoch()
    local now = redis.call('TIME')
    write('HSET', 'meta', 'epoch', now[1] .. '.' .. now[2] .. '.' .. write('HINCRBY', 'meta', 'changes', 1))
end

-- Run an operation, unless it relies on an epoch that is over; then bound the life of what it has written.
local function finish(run)
    if ARGV[1] ~= '' and ARGV[1] ~= read('HGET', 'meta', 'epoch') then
        return redis.error_reply('STALE')
    end
    local reply = run()
    for name in pairs(written) do
        redis.call('EXPIRE', key(name), LIFE, 'NX')
    end
    if next(written) and redis.call('TTL', key('meta')) < LIFE - RENEWED then
        for _, name in ipairs(NAMES) do
            redis.call('EXPIRE', key(name), LIFE)
        end
    end
    return reply
end
