-- Limits. `limits` has those of each namespace, `limits:idle` when they were last in use, everyone's apart.

-- Note that the limits of a namespace are in use, if it has any.
local function limits_touch(namespace)
    if namespace ~= EVERYONE and read('HEXISTS', 'limits', namespace) == 1 then
        local now = redis.call('TIME')
        write('ZADD', 'limits:idle', now[1] * 1000000 + now[2], namespace)
    end
end

-- Remove the limits of a namespace.
local function limits_clear(namespace)
    write('HDEL', 'limits', namespace)
    write('ZREM', 'limits:idle', namespace)
end
