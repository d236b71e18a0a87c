"""The verbs that run a server: `serve`, and `run` with a program in front of it."""
