"""Files that are read without waiting for anybody, and written whole or not at all."""

from __future__ import annotations

import os
from secrets import token_hex
from stat import S_ISREG
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path, most: int) -> bytes:
    """Return at most `most` bytes of the file at `path`. Raises OSError, as for a pipe or a device too."""
    with open(path, "rb", opener=_at_once) as file:
        if not S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(None, "is no regular file", str(path))
        return file.read(most)


def write(path: Path, content: bytes, *, lasting: bool = False) -> None:
    """Write `content` to `path`, in place of what is there; `lasting` waits for the disk. Raises OSError."""
    part = path.with_name(f".{path.name[:100]}.{token_hex(4)}.part")  # beside it, as only then it is moved at once
    try:
        with part.open("xb") as file:  # follows no link
            file.write(content)
            file.flush()
            if lasting:
                os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # or the opening of a pipe waits for its other end
