"""A proxy: calls to the vendor's hosts are answered by the fake, all others are passed through."""
