"""How a head stands at a moment: one motion for each family of driven_id, the same at the end as in the beginning."""

from __future__ import annotations

from math import pi, sin
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Pose(NamedTuple):
    """How a head differs from the picture; lengths are shares of half a face.

    `tilt` is in degrees, clockwise; `grow` is how much larger the head is; `right` and `down` where it went; the eyes
    close from 0 to 1 (below 0 they are wide); `smile` and `brows` are how far the mouth's corners and the brows rise.
    """

    tilt: float = 0.0
    grow: float = 0.0
    right: float = 0.0
    down: float = 0.0
    left_eye: float = 0.0
    right_eye: float = 0.0
    smile: float = 0.0
    brows: float = 0.0


def pose(driven_id: str, share: float, seconds: int) -> Pose:
    """Return the pose after a `share`, from 0 to 1, of a video of so many `seconds`."""
    motion = _MOTIONS.get(driven_id.partition("_")[0], _classic)
    return motion(share, share * seconds, seconds)


def _lovely(share: float, time: float, seconds: int) -> Pose:
    """Bob like a child: a hop a second, wide eyes, a growing smile."""
    much = _rise(share)
    hop = abs(sin(pi * time)) ** 1.5
    blink = _blink(time, 0.5)
    eyes = blink - 0.22 * much * (1 - blink)
    return Pose(
        tilt=7 * much * sin(2 * pi * share * max(1, seconds // 2)),
        grow=0.05 * hop,
        down=-0.1 * hop,
        left_eye=eyes,
        right_eye=eyes,
        smile=0.1 * much,
        brows=0.08 * much,
    )


def _weary(share: float, time: float, seconds: int) -> Pose:
    """Sink as one does at work: the head goes down, the eyes nearly close, and up it comes with a breath."""
    much = _rise(share)
    heavy = 0.55 * much + 0.45 * _blink(time, 0.5, width=0.3)
    return Pose(
        tilt=-5 * much + 1.5 * sin(2 * pi * share * seconds),
        grow=0.03 * sin(2 * pi * share),
        down=0.14 * much,
        left_eye=heavy,
        right_eye=heavy,
        smile=-0.07 * much,
        brows=-0.05 * much,
    )


def _classic(share: float, time: float, seconds: int) -> Pose:
    """Sway from side to side, brows up, and wink."""
    much = _rise(share)
    sway = sin(2 * pi * share * seconds)
    return Pose(
        tilt=5 * sway * much,
        grow=0.04 * much,
        right=0.12 * sway * much,
        left_eye=_blink(time, 0.5, width=0.16),
        right_eye=-0.2 * much,
        smile=0.09 * much,
        brows=0.12 * much * abs(sway),
    )


_MOTIONS: dict[str, Callable[[float, float, int], Pose]] = {
    "mengwa": _lovely,
    "dagong": _weary,
    "jingdian": _classic,
}


def _rise(share: float) -> float:
    """Go from 0 to 1 within a quarter, stay, and go back."""
    part = min(1.0, 4 * share, 4 * (1 - share))
    return part * part * (3 - 2 * part)


def _blink(time: float, at: float, width: float = 0.13) -> float:
    """Close within `width` seconds around `at`, every second time of a second."""
    away = abs((time - at + 1) % 2 - 1)
    part = max(0.0, 1 - away / width)
    return part * part * (3 - 2 * part)
