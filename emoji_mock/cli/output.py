"""Where verbs write: looked at before anything is asked, for an answer may have been paid for."""

from pathlib import Path


def no_place(flag: str, path: Path) -> str:
    """Return why no file can be written at `path`, or nothing."""
    return "" if path.parent.is_dir() else f"{flag} {path}: there is no directory {path.parent}"
