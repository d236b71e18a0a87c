"""Read files without blocking on pipes; write files whole or not at all."""

from __future__ import annotations

import os
from secrets import token_hex
from stat import S_ISREG
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path, most: int) -> bytes:
    """Return at most `most` bytes of the file at `path`. Raises OSError, also for a pipe or a device."""
    with open(path, "rb", opener=_open_without_blocking) as file:
        if not S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(None, "is not a regular file", str(path))
        return file.read(most)


def write(path: Path, content: bytes, *, lasting: bool = False) -> None:
    """Write `content` to `path`, replacing the file; `lasting` waits for the disk. Raises OSError."""
    part = path.with_name(f".{path.name[:100]}.{token_hex(4)}.part")  # in the same folder, so that the move is atomic
    try:
        with part.open("xb") as file:  # "x" follows no link
            file.write(content)
            file.flush()
            if lasting:
                os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _open_without_blocking(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # without it, opening a pipe waits for its other end
