"""The targets of a run: the fake in this process, a server at a URL, the live service."""
