"""Helpers that know nothing of the vendor: files, fork safety, terminal text, validation messages."""
