"""Writing a file whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike


def save(path: str | PathLike[str], content: bytes) -> Path:
    """Write `content` to `path`, in place of what is there, and return it. Raises OSError, and then leaves nothing."""
    path = Path(path)
    if path.is_dir():
        raise IsADirectoryError(f"{str(path)!r} is a directory: name a file in it, such as {str(path / 'me.mp4')!r}")
    part = path.with_name(f".{path.name[:100]}.{token_hex(4)}.part")  # beside it, as only then it is moved at once
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path
