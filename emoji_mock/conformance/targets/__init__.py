"""What can be asked: the fake in this process, a server at a URL, the live service."""
