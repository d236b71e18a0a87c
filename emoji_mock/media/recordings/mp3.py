"""MP3: perhaps tags, then frames whose headers say how long each is, in bytes and in samples.

ISO/IEC 11172-3 and 13818-3, layer III; https://id3.org/id3v2.4.0-structure
"""

from __future__ import annotations

from typing import NamedTuple

from emoji_mock.contract.model import MediaFacts
from emoji_mock.media.recordings.parts import MOST_PARTS, BrokenRecordingError

_KILOBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KILOBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""Samples a second, by the two bits of the version: MPEG-1, MPEG-2, and MPEG-2.5."""
_MPEG_1 = 3
_ID3 = 10
"""The bytes of the header of an ID3 tag."""
_TAGS = 16
"""So many tags before the frames are passed over."""


class _Frame(NamedTuple):
    kind: tuple[int, int]
    """Version and samples a second: alike in all frames of a file."""
    size: int
    samples: int


def matches(data: bytes) -> bool:
    """Return whether `data` begins with an ID3 tag or a frame of MP3."""
    return data.startswith(b"ID3") or _frame(data, 0) is not None


def read(data: bytes) -> MediaFacts:
    """Return the length of an MP3 by its frames, whatever a header says of them. Raises BrokenRecordingError."""
    place = _after_tags(data)
    first = _frame(data, place)
    if first is None or (place + first.size < len(data) and _frame(data, place + first.size) is None):
        raise BrokenRecordingError("no frames of MP3")
    head = data[place : place + first.size]
    samples = -_added(head) if _is_index(head) else first.samples
    place += first.size
    for _ in range(MOST_PARTS):
        frame = _frame(data, place)
        if frame is not None and frame.kind == first.kind and place + frame.size <= len(data):
            samples += frame.samples
            place += frame.size
        elif (place := data.find(b"\xff", place + 1)) < 0:
            break
    return MediaFacts("audio", "mp3", max(0, samples) / first.kind[1])


def _after_tags(data: bytes) -> int:
    """Return where the frames begin: behind the tags and the zeros that may follow them."""
    place = 0
    for _ in range(_TAGS):
        if data[place : place + 3] != b"ID3" or len(data) < place + _ID3:
            break
        first, second, third, fourth = (byte & 127 for byte in data[place + 6 : place + _ID3])
        place += _ID3 + (first << 21 | second << 14 | third << 7 | fourth)
    padding = data[place : place + 4096]
    return place + len(padding) - len(padding.lstrip(b"\0"))


def _frame(data: bytes, place: int) -> _Frame | None:
    """Return the frame that begins at `place`, if there is one of layer III that states its length."""
    head = int.from_bytes(data[place : place + 4], "big")
    version, layer = head >> 19 & 3, head >> 17 & 3
    kilobits, rate = head >> 12 & 15, head >> 10 & 3
    if head >> 21 != 0x7FF or layer != 1 or version not in _RATES or kilobits in (0, 15) or rate == 3:  # noqa: PLR2004 - 11 ones; reserved
        return None
    kind = version, _RATES[version][rate]
    bits, samples = (_KILOBITS_1, 1152) if version == _MPEG_1 else (_KILOBITS_2, 576)
    return _Frame(kind, samples * 125 * bits[kilobits] // kind[1] + (head >> 9 & 1), samples)


def _is_index(frame: bytes) -> bool:
    """Return whether a first frame holds no sound, but an index: Xing, Info or VBRI."""
    return any(frame.find(name, 4, 44) > 0 for name in (b"Xing", b"Info", b"VBRI"))


def _added(frame: bytes) -> int:
    """Return how many samples an encoder has added at the beginning and the end, as LAME notes it in the index.

    http://gabriel.mp3-tech.org/mp3infotag.html
    """
    place = max(frame.find(b"Xing", 4, 44), frame.find(b"Info", 4, 44))
    flags = int.from_bytes(frame[place + 4 : place + 8], "big")
    encoder = place + 8 + 4 * (flags & 1) + 4 * (flags >> 1 & 1) + 100 * (flags >> 2 & 1) + 4 * (flags >> 3 & 1)
    if place < 0 or frame[encoder : encoder + 4] not in (b"LAME", b"Lavf", b"Lavc"):
        return 0
    both = int.from_bytes(frame[encoder + 21 : encoder + 24], "big")
    return (both >> 12) + (both & 0xFFF)
