-- Cancel a task if it is pending, and move up those behind it; return whether it was (VideoTask.status).
-- Arguments: id, account, now, how many seconds after its creation a task is unknown.
local id, account, now, known_for = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local LOOKED_AT = 50 -- tasks at once, of the thousands that an account may have
local cancelled = kept_record('tasks', id)

local function is_pending(record)
    return now < record[6] + known_for and not record[CANCELLED] and now < record[BEGINS]
end

if not cancelled then
    return 0
end
shares_touch('tasks', cancelled[1])
if cancelled[1] ~= account or not is_pending(cancelled) then
    return 0
end
cancelled[CANCELLED] = now
kept_put('tasks', id, cancelled)

-- Those that wait, the newest first, back to one that has begun: all before it have begun as well.
local model, free, waiting, has_begun, ids = cancelled[5], now, {}, false, nil
local first, last = kept_range(account)
repeat
    ids = {}
    for index, entry in ipairs(read('ZREVRANGEBYLEX', 'tasks:of', last, first, 'LIMIT', 0, LOOKED_AT)) do
        ids[index], last = kept_id(account, entry), '(' .. entry
    end
    for index, record in ipairs(#ids > 0 and kept_records('tasks', ids) or {}) do
        if record[5] == model and not record[CANCELLED] and not has_begun then
            has_begun = record[BEGINS] <= now
            if has_begun then
                free = math.max(free, task_ends(record))
            else
                waiting[#waiting + 1] = { ids[index], record }
            end
        end
    end
until has_begun or #ids < LOOKED_AT

local moved = {}
for index = #waiting, 1, -1 do
    local each, record = unpack(waiting[index])
    if is_pending(record) then
        record[BEGINS] = free
        moved[#moved + 1] = each
        moved[#moved + 1] = cmsgpack.pack(record)
    end
    free = math.max(free, task_ends(record))
end
in_batches(moved, function(pairs_of_a_batch)
    write('HSET', 'tasks:held', unpack(pairs_of_a_batch))
end)
set_task_free(account, task_free(account), model, free)
return 1
