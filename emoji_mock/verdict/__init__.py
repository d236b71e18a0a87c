"""The verdict: what a caller did wrong, found in the journal alone. docs/verdict.md defines each finding."""
