"""Cases of uploads: the policy, the storage, and the use of what was uploaded."""
