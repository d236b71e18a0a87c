"""Tell the audio and video formats apart by the first bytes of a file."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from emoji_mock.media.recordings import avi, mp3, mp4, wav
from emoji_mock.media.recordings.parts import BrokenRecordingError

if TYPE_CHECKING:
    from emoji_mock.contract.model import MediaFacts

_LONGEST = 86_400
"""Seconds: a header that states more is not believed, as the length is what a task is billed for."""
_LARGEST_SIDE = 16_384
"""Pixels: H.264 and H.265 have no larger frames."""


def measure(data: bytes) -> MediaFacts | None:
    """Return what the audio or video file `data` says of itself; None if it is neither, broken, or states too much.

    Any file costs at most about a second, and no memory to speak of beside its own.
    """
    for read, matches in (
        (wav.read, wav.matches),
        (avi.read, avi.matches),
        (mp4.read, mp4.matches),
        (mp3.read, mp3.matches),
    ):
        if matches(data):
            try:
                facts = read(data)
            except (BrokenRecordingError, struct.error):
                return None
            return facts if facts.seconds <= _LONGEST and max(facts.size or (0,)) <= _LARGEST_SIDE else None
    return None
