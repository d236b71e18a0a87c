-- Forget all of a namespace, or of all; images of calls under way stay reserved, and numbers go on.
local KEPT = {meta = true, reserved = true}
local namespace, is_one = ARGV[2], ARGV[3] == '1'
if is_one then
    reset_journal(namespace)
    rules_clear(namespace)
    limits_clear(namespace)
    gates_clear(namespace)
    files_clear(namespace)
    tasks_clear(namespace)
else
    for _, name in ipairs(NAMES) do
        if not KEPT[name] then
            write('DEL', name)
        end
    end
end
write('HINCRBY', 'meta', 'resets', 1)
renew_epoch()
return 0
