"""What each verb of the command takes, and which module runs it: nothing is loaded until a verb is called."""
