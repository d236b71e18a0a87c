"""Check the run lengths of a BMP, without unpacking them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emoji_mock.media.formats.picture_file import BrokenPictureError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emoji_mock.contract.geometry import Size

_RUNS = re.compile(rb"(?:[^\0].)*", re.DOTALL)
"""Runs of equal pixels, each a length and a colour. Length 0 introduces a code of those below, or pixels one by one."""
_MAX_CODES = 2_000_000
"""How many codes are followed, in about a second."""
_END_OF_ROW, _END_OF_PICTURE, _MOVE = range(3)


def check_runs(data: bytes, place: int, size: Size, *, halves: bool) -> None:
    """Raise BrokenPictureError unless the run lengths from `place` on reach the last row, or the end mark.

    A run that passes the end of its row is an error. With `halves`, two pixels share a byte.
    """
    across = row = 0
    match, (width, height) = _RUNS.match, size
    for _ in range(_MAX_CODES):
        if place + 1 >= len(data):
            break
        if data[place]:
            found = match(data, place)
            end = place + 2 if found is None else found.end()
            across, row = _run(data[place:end:2], across, row, width)
            place = end
            continue
        code = data[place + 1]
        place += 2
        if code > _MOVE:
            across, row = _run((code,), across, row, width)
            place += ((code + 1) // 2 if halves else code) + 1 & ~1  # padded to an even number
        elif code == _END_OF_ROW:
            across, row = 0, row + 1
        elif code == _END_OF_PICTURE:
            return
        else:
            right, down = data[place : place + 1], data[place + 1 : place + 2]
            across, row, place = across + sum(right), row + sum(down), place + 2
        if row >= height:
            return
    if place > len(data) or row < height - 1 or across < width:
        raise BrokenPictureError("the run lengths end too early")


def _run(lengths: Sequence[int], across: int, row: int, width: int) -> tuple[int, int]:
    """Return the place after runs of such `lengths`. A row that is full needs no end mark before the next."""
    total = across + (lengths[0] if len(lengths) == 1 else sum(lengths))
    if total <= width:
        return total, row
    for length in lengths:
        if across == width:
            across, row = 0, row + 1
        across += length
        if across > width:
            raise BrokenPictureError("a run passes the end of its row")
    return across, row
