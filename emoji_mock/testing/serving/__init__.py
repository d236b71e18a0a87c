"""The fake of a test on a socket: a server for the whole session, and what programs need to reach it."""
