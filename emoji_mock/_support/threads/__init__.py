"""Threads: work that is shared fairly among those who wait for it."""
