"""How the command line is parsed, described and completed; nothing here knows what a verb does."""
