"""The ports of the fake's state, and the store in memory."""
