"""Exchanges on the disk: redact and write them, read them back, answer with them."""
