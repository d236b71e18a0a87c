-- Return the newest tasks of all accounts, the newest first. Argument: how many.
return task_values(kept_newest('tasks', tonumber(ARGV[2])))
