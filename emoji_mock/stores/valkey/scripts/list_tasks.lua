-- Return the tasks of an account, the oldest first. Argument: the account.
return task_values(kept_of('tasks', ARGV[2]))
