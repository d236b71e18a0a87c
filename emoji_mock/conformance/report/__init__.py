"""What a run found, for programs (JSON) and for people (an HTML page)."""
