-- All ledgers, each after its namespace.
return read('HGETALL', 'ledger')
