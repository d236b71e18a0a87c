-- Tasks are kept (kept.lua) with records {account, bytes, 1, version, model, created, takes, begins, cancelled}.
-- `tasks:free` has by account when the last task of each model ends.

local BEGINS, CANCELLED = 8, 9

-- A number as text from which Python reads the same number again; nothing for none.
local function exact(number)
    return number and string.format('%.17g', number) or ''
end

local function task_ends(record)
    return record[CANCELLED] or record[7] + record[BEGINS]
end

local function task_free(account)
    local packed = read('HGET', 'tasks:free', account)
    return packed and cmsgpack.unpack(packed) or {}
end

local function set_task_free(account, free, model, ends)
    free[model] = ends
    write('HSET', 'tasks:free', account, cmsgpack.pack(free))
end

-- Three values for each task: its bytes, when it begins, when it was cancelled.
local function task_values(all)
    local found = {}
    in_batches(all, function(ids)
        local records, versions = kept_records('tasks', ids), {}
        for index, record in ipairs(records) do
            versions[index] = record[4]
        end
        for index, data in ipairs(read('HMGET', 'tasks:data', unpack(versions))) do
            found[#found + 1] = data
            found[#found + 1] = exact(records[index][BEGINS])
            found[#found + 1] = exact(records[index][CANCELLED])
        end
    end)
    return found
end
