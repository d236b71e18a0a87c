"""What the formats share: the chunks of RIFF files, and the error of a broken file."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_PARTS = 100_000
"""So many chunks, boxes or frames of a file are read, as each takes time: frames of 40 minutes of sound, for one."""


class BrokenRecordingError(ValueError):
    """A file with the signature of an audio or video format whose length cannot be read."""


def chunks(data: bytes, begin: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, begin and stated end of each RIFF chunk from `begin`; the last one may end behind `end`.

    https://learn.microsoft.com/windows/win32/xaudio2/resource-interchange-file-format--riff-
    """
    for _ in range(MOST_PARTS):
        if begin + 8 > end:
            return
        name, size = struct.unpack_from("<4sI", data, begin)
        yield name, begin + 8, begin + 8 + size
        begin += 8 + size + size % 2
    raise BrokenRecordingError("too many chunks")
