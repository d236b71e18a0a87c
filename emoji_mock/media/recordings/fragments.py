"""Fragments of MP4: a file that was written while it was recorded states its samples in many boxes `moof`."""

from __future__ import annotations

import sys
from array import array
from typing import TYPE_CHECKING

from emoji_mock.media.recordings.parts import BrokenRecordingError

if TYPE_CHECKING:
    from emoji_mock.media.recordings.boxes import BoxReader, MediaBox

# Flags of tfhd and trun (ISO/IEC 14496-12, 8.8.7 and 8.8.8).
_BASE, _DESCRIPTION, _DEFAULT_DURATION = 1, 2, 8
_OFFSET, _FIRST_FLAGS, _DURATION = 1, 4, 0x100
_MOST_SAMPLES = 1_000_000
"""So many samples of a run may state their own duration; in one second of video there are 60 at most."""
_FIELDS = (_DURATION, 0x200, 0x400, 0x800)
"""What may be stated of each sample, four bytes each."""


class Fragments:
    """Count samples and their duration by the number of the track."""

    def __init__(self, boxes: BoxReader) -> None:
        self._boxes = boxes
        self._defaults: dict[int, int] = {}
        self.samples: dict[int, int] = {}
        self.units: dict[int, int] = {}
        """How long the samples are, in the units of the track."""

    def take_defaults(self, extends: MediaBox) -> None:
        """Read the default duration of each track's samples from the box `mvex`."""
        for box in self._boxes.inside(extends):
            if box.name == b"trex":
                track, _, duration = self._boxes.numbers(box, "III", 4)
                self._defaults[track] = duration

    def count(self, fragment: MediaBox) -> None:
        """Count the samples that a box `moof` describes."""
        for part in self._boxes.inside(fragment):
            if part.name != b"traf":
                continue
            track = default = 0
            for box in self._boxes.inside(part):
                if box.name == b"tfhd":
                    track, default = self._header(box)
                elif box.name == b"trun":
                    self._count_run(box, track, default)

    def _header(self, box: MediaBox) -> tuple[int, int]:
        """Return the track of a fragment, and the duration of its samples unless they state their own."""
        flags, track = self._boxes.numbers(box, "II")
        place = 8 + 8 * bool(flags & _BASE) + 4 * bool(flags & _DESCRIPTION)
        if flags & _DEFAULT_DURATION:
            return track, self._boxes.numbers(box, "I", place)[0]
        return track, self._defaults.get(track, 0)

    def _count_run(self, box: MediaBox, track: int, default: int) -> None:
        flags, count = self._boxes.numbers(box, "II")
        units = count * default
        fields = sum(bool(flags & field) for field in _FIELDS)
        if flags & _DURATION:
            if count > _MOST_SAMPLES:
                raise BrokenRecordingError("too many samples")
            place = 8 + 4 * bool(flags & _OFFSET) + 4 * bool(flags & _FIRST_FLAGS)
            stated = array("I")
            stated.frombytes(self._boxes.words(box, place, count * fields))
            if sys.byteorder == "little":
                stated.byteswap()
            units = sum(stated[::fields])
        self.samples[track] = self.samples.get(track, 0) + count
        self.units[track] = self.units.get(track, 0) + units
