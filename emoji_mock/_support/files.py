"""Read files without blocking on pipes; write files whole or not at all, and never through a symbolic link."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from errno import EACCES, EISDIR, ENOTDIR
from secrets import token_hex
from stat import S_IMODE, S_ISDIR, S_ISREG
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/(\d+)")
_STREAMS = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
_PERMISSIONS = 0o777
"""The bits of a mode that a new file keeps from the one that it replaces: no set-user-ID bit."""


def read(path: Path, most: int) -> bytes:
    """Return at most `most` bytes of the file at `path`. Raises OSError, also for a pipe or a device."""
    with open(path, "rb", opener=_open_without_blocking) as file:
        if not S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(None, "is not a regular file", str(path))
        return file.read(most)


def write(path: Path, content: bytes, *, lasting: bool = False) -> None:
    """Write `content` to `path`, replacing a file or a link there, with the permissions of that file. Raises OSError.

    `lasting` waits for the disk. Nothing is left after an error.
    """
    try:
        mode = _replaced_mode(path)
        # In the same folder, so that the move is atomic; of a length that every file system takes.
        part = path.with_name(f".{token_hex(8)}.part")
        try:
            with part.open("xb") as file:  # "x" follows no link
                file.write(content)
                file.flush()
                if lasting:
                    os.fsync(file.fileno())
            if mode is not None:
                part.chmod(mode)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        if lasting:
            _sync_folder(path.parent)
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from None  # the caller knows nothing of the part


def write_output(path: Path, content: bytes, *, lasting: bool = False) -> None:
    """Write `content` to what a person names: as `write`, but into a pipe, a device or an open stream. Raises OSError.

    Such a thing takes bytes as they come, and must not be replaced by a file.
    """
    descriptor = _STREAMS.get(str(path))
    if descriptor is None and (found := _DESCRIPTOR.fullmatch(str(path))):
        descriptor = int(found[1])
    if descriptor is not None:
        if sys.stdout is not None:  # as under pythonw
            sys.stdout.flush()  # what was printed before comes before
        with open(descriptor, "wb", closefd=False) as stream:
            stream.write(content)
    elif is_special(path):
        with open(path, "wb", opener=_open_existing) as special:
            special.write(content)
    else:
        write(path, content, lasting=lasting)


def is_special(path: Path) -> bool:
    """Return whether `path` is a pipe, a device or a socket: not a link to one, unless that is an open stream's."""
    if str(path) in _STREAMS or _DESCRIPTOR.fullmatch(str(path)):
        return True
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False
    return not (S_ISREG(mode) or S_ISDIR(mode) or path.is_symlink())


def make_folder(folder: Path, below: Path) -> None:
    """Make `folder` and its parents; none of them that lies in `below` may be a link. Raises OSError."""
    below.mkdir(parents=True, exist_ok=True)
    here = below
    for name in folder.relative_to(below).parts:
        here /= name
        with suppress(FileExistsError):
            here.mkdir()
        if not S_ISDIR(here.lstat().st_mode):
            raise NotADirectoryError(ENOTDIR, "is a link or a file where a folder belongs", str(here))


def describe_error(error: OSError) -> str:
    """Return `error` as one sentence that begins with the path, without its number."""
    problem = error.strerror or str(error)
    return f"{error.filename}: {problem}" if error.filename is not None else problem


def _replaced_mode(path: Path) -> int | None:
    """Return the permissions of the file at `path`, or None if there is none. Raises OSError if it must not go."""
    if path.is_dir():
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(path))
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return None
    if not S_ISREG(mode):
        return None
    if not os.access(path, os.W_OK):  # a move would replace what is protected
        raise PermissionError(EACCES, os.strerror(EACCES), str(path))
    return S_IMODE(mode) & _PERMISSIONS


def _sync_folder(folder: Path) -> None:
    """Wait until the entries of `folder` are on the disk, where a folder can be opened."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _open_existing(path: str, flags: int) -> int:
    return os.open(path, flags & ~(os.O_CREAT | os.O_TRUNC) | getattr(os, "O_NOFOLLOW", 0))


def _open_without_blocking(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # without it, opening a pipe waits for its other end
