"""The pure half before the I/O: arguments become requests."""
