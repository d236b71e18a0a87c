"""The pure half after the I/O: responses become results or exceptions."""
