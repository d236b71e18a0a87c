"""WAV: a chunk that says how many bytes a second has, and one with the samples.

https://learn.microsoft.com/windows/win32/multimedia/waveform-audio
"""

import struct

from emoji_mock.contract.model import MediaFacts
from emoji_mock.media.recordings.parts import BrokenRecordingError, chunks

_PLAIN = (1, 3, 6, 7, 0xFFFE)
"""The codings whose samples all have the same size: PCM, floats, A-law, µ-law, and PCM described at more length."""


def matches(data: bytes) -> bool:
    """Return whether `data` begins as a WAV does; RF64 is one of more than 4 GB."""
    return data[:4] in (b"RIFF", b"RF64") and data[8:12] == b"WAVE"


def read(data: bytes) -> MediaFacts:
    """Return the length of a WAV by the samples that are there: a recorder that streams states none, or the most.

    Raises BrokenRecordingError, or struct.error for a header that is cut.
    """
    bytes_a_second = 0
    for name, begin, end in chunks(data, 12, len(data)):
        if name == b"fmt ":
            coding, _, rate, average, block = struct.unpack_from("<HHIIH", data, begin)
            bytes_a_second = rate * block if coding in _PLAIN else average
        elif name == b"data" and bytes_a_second:
            stated = end - begin
            size = min(stated, len(data) - begin) if stated else len(data) - begin
            return MediaFacts("audio", "wav", size / bytes_a_second)
    raise BrokenRecordingError("WAV without samples")
