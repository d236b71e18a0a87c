"""Helpers independent of the vendor: files, fork safety, import hooks, terminal text, validation messages."""
