"""The fake service: requests in, replies out. No I/O, no clock of its own, and no HTTP library."""
