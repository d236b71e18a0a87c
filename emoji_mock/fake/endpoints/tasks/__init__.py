"""The endpoints of tasks: the state of one, the list, and the file that one made."""
