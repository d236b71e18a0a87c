-- Queue a task behind the others of its account and model, and return when it begins.
-- Arguments: id, account, model, created, takes, its size in memory, how many tasks and bytes are kept, version, task.
local id, account, model, created, takes = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
local size, most_items, room, version, task = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9]), ARGV[10], ARGV[11]
local free = task_free(account)
local begins = math.max(created, free[model] or 0)
local existing = kept_record('tasks', id)

if existing then
    kept_drop('tasks', id, existing)
    free = task_free(account)
end
set_task_free(account, free, model, begins + takes)
kept_add('tasks', id, { account, size, 1, version, model, created, takes, begins }, task, most_items, room)
return exact(begins)
