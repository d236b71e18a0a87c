"""The fake of one replica of several, which share a store."""
