"""Stores and parts of stores that do I/O; each implements a port of `emoji_mock.fake.store`."""
