-- Cancel a task if it is pending, and move up those behind it; return whether it was (VideoTask.status).
-- Arguments: id, account, now, how many seconds after its creation a task is unknown.
local id, account, now, known_for = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
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
local model, free, waiting = cancelled[5], now, {}
local first, last = kept_range(account)
repeat
    local entries = read('ZREVRANGEBYLEX', 'tasks:of', last, first, 'LIMIT', 0, KEPT_BATCH)
    local has_begun = false
    for _, entry in ipairs(entries) do
        local each = kept_id(account, entry)
        local record = kept_record('tasks', each)
        if record[5] == model and not record[CANCELLED] then
            if record[BEGINS] <= now then
                free, has_begun = math.max(free, task_ends(record)), true
                break
            end
            waiting[#waiting + 1] = { each, record }
        end
    end
    last = '(' .. (entries[#entries] or '')
until has_begun or #entries < KEPT_BATCH

for index = #waiting, 1, -1 do
    local each, record = unpack(waiting[index])
    if is_pending(record) then
        record[BEGINS] = free
        kept_put('tasks', each, record)
    end
    free = math.max(free, task_ends(record))
end
set_task_free(account, task_free(account), model, free)
return 1
