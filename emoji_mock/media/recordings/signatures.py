"""Tell the audio and video formats apart by the first bytes of a file."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from emoji_mock.media.recordings import avi, mp3, mp4, wav
from emoji_mock.media.recordings.parts import BrokenRecordingError

if TYPE_CHECKING:
    from emoji_mock.contract.model import MediaFacts


def measure(data: bytes) -> MediaFacts | None:
    """Return what the audio or video file `data` says of itself, or None if it is neither, or broken.

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
                return read(data)
            except (BrokenRecordingError, struct.error):
                return None
    return None
