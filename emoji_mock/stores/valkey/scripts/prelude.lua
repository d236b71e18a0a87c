-- Before every script. KEYS[1] is the prefix of all keys; ARGV[1] the hour (since 1970) and the epoch on which the call
-- relies, or nothing. NEEDS_STORE says whether there must be a store that `open` has made, EACH how many arguments each of
-- several operations has; SHARES, EVERYONE and EARLIER are Python's. A call of the engine takes 5 microseconds, so scripts
-- make few.
local LIFE = 7 * 24 * 3600 -- seconds after the last use; it is renewed each hour, and ends for all keys at one moment
local HOUR, EPOCH = string.match(ARGV[1], '^(%d+) ?(.*)$')

-- The names of all keys.
local function names()
    return {
        'meta', 'rules', 'rules:order', 'rules:used', 'rules:items', 'rules:bytes', 'rules:idle', 'rules:total',
        'limits', 'limits:idle', 'gates', 'gates:idle', 'gates:of', 'gates:total',
        'accounts', 'entries', 'entries:numbers', 'entries:of', 'billed',
        'uploads:held', 'uploads:data', 'uploads:order', 'uploads:of', 'uploads:items', 'uploads:bytes', 'uploads:idle', 'uploads:total',
        'pictures:held', 'pictures:data', 'pictures:order', 'pictures:of', 'pictures:items', 'pictures:bytes', 'pictures:idle', 'pictures:total',
        'tasks:held', 'tasks:data', 'tasks:order', 'tasks:of', 'tasks:free', 'tasks:items', 'tasks:bytes', 'tasks:idle', 'tasks:total',
    }
end

local function key(name)
    return KEYS[1] .. ':' .. name
end

local function read(command, name, ...)
    return redis.call(command, key(name), ...)
end

-- Some fields of the hash `meta`, read at once; `set_meta` changes them, and all changes are written at the end.
local FIELDS = {'epoch', 'alive', 'hour', 'ends', 'last', 'journal_size', 'entries', 'bytes', 'ledgers', 'resets'}
local meta = {}
for place, value in ipairs(redis.pcall('HMGET', key('meta'), unpack(FIELDS))) do -- nothing, if another program has the key
    meta[FIELDS[place]] = value or nil
end
local changed, is_changed = {}, false
local function set_meta(field, value)
    meta[field], changed[field], is_changed = value, value, true
end

-- Begin the life of all keys anew, if it was not yet in this hour; return when it ends, in seconds since 1970.
local function ends()
    if not meta.ends or tonumber(HOUR) > tonumber(meta.hour or 0) then
        set_meta('hour', HOUR)
        set_meta('ends', redis.call('TIME')[1] + LIFE)
        for _, name in ipairs(names()) do
            redis.call('EXPIREAT', key(name), meta.ends)
        end
    end
    return meta.ends
end

-- Change a key. `alive` names the keys whose life is bounded already; one that may be gone with what is removed is no
-- longer among them, so that its life is bounded anew when it comes again.
local REMOVES = {DEL = true, UNLINK = true, HDEL = true, ZREM = true, ZPOPMIN = true, ZREMRANGEBYRANK = true, ZREMRANGEBYLEX = true, ZREMRANGEBYSCORE = true}
local function write(command, name, ...)
    local reply, mark = redis.call(command, key(name), ...), '|' .. name .. '|'
    local place = string.find(meta.alive or '', mark, 1, true)
    if REMOVES[command] then
        if place then
            set_meta('alive', string.sub(meta.alive, 1, place) .. string.sub(meta.alive, place + #mark))
        end
    elseif not place then
        redis.call('EXPIREAT', key(name), ends())
        set_meta('alive', (meta.alive or '|') .. name .. '|')
    end
    return reply
end

-- Call `visit` with up to 500 of `values` at a time, an even number: Lua's stack has room for some thousand arguments.
local function in_batches(values, visit)
    for first = 1, #values, 500 do
        visit({unpack(values, first, math.min(#values, first + 499))})
    end
end

-- Let all replicas read rules, limits and settings anew: the epoch is another one from now on.
local function renew_epoch()
    local now = redis.call('TIME')
    set_meta('epoch', now[1] .. '.' .. now[2] .. '.' .. write('HINCRBY', 'meta', 'changes', 1))
end

-- Run an operation, unless it relies on an epoch that is over, or on a store that the engine has lost; then write what it
-- has changed in `meta`.
local function finish(run)
    if NEEDS_STORE and not meta.journal_size then
        return redis.error_reply('STALE the store is lost')
    end
    if EPOCH ~= '' and EPOCH ~= meta.epoch then
        return redis.error_reply('STALE the epoch is over') -- the engine puts ERR before a single word
    end
    local reply = run()
    if is_changed then
        local ending = ends()
        local fields = {}
        for field, value in pairs(changed) do
            fields[#fields + 1] = field
            fields[#fields + 1] = value
        end
        redis.call('HSET', key('meta'), unpack(fields))
        if changed.hour then
            redis.call('EXPIREAT', key('meta'), ending)
        end
    end
    return reply
end
