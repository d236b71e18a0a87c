"""The processes of `serve --workers`: one that listens and supervises, and those that answer."""
