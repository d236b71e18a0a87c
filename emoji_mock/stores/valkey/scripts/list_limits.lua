-- Return each namespace and its limits.
return read('HGETALL', 'limits')
