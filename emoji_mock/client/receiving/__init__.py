"""What arrives: decoded within limits, and what it says of the bill. The adapters do the I/O."""
