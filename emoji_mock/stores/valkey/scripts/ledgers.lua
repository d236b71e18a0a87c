-- All ledgers, each after its namespace.
local found = {}
for name, account in pairs(all_accounts()) do
    if account.ledger then
        found[#found + 1] = name
        found[#found + 1] = cmsgpack.pack(account.ledger)
    end
end
return found
