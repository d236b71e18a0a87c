-- Forget all of a namespace, or of all; numbers go on.
local namespace, is_one = ARGV[2], ARGV[3] == '1'
if is_one then
    reset_journal(namespace)
    rules_clear(namespace)
    limits_clear(namespace)
    gates_clear(namespace)
    files_clear(namespace)
    tasks_clear(namespace)
else
    local is_of_journal = reset_journals()
    for _, name in ipairs(names()) do
        if name ~= 'meta' and not is_of_journal[name] then
            write('DEL', name)
        end
    end
end
set_meta('resets', tonumber(meta.resets or 0) + 1)
renew_epoch()
return 0
