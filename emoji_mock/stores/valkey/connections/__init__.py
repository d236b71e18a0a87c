"""How an engine is asked to run a script: in an event loop, and in a thread that may wait."""
