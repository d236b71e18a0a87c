"""API keys, journal, ledger and limits of each account."""
