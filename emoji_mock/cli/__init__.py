"""The command `emoji-mock`: one module a verb."""
