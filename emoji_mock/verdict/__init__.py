"""The verdict: what a caller did wrong, by the journal alone; docs/verdict.md defines each finding."""
