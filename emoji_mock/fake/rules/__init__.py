"""Rules: which requests get which answer, how often, and at which endpoint."""
