"""The contract as a suite: cases that any server can be held to, and what is said about one that differs.

Nothing is imported here, so that naming the package costs nothing.
"""
