"""Writing a file whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from emoji_mock._support.files import write

if TYPE_CHECKING:
    from os import PathLike


def save(path: str | PathLike[str], content: bytes) -> Path:
    """Write `content` to `path`, in place of what is there, and return it. Raises OSError, and then leaves nothing."""
    path = Path(path)
    if path.is_dir():
        raise IsADirectoryError(f"{str(path)!r} is a directory: name a file in it, such as {str(path / 'me.mp4')!r}")
    write(path, content, lasting=True)
    return path
