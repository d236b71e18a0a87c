"""The control API under /_mock: journal, ledger, rules, limits, scenario, verdict, catalogue."""
