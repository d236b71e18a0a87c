"""The pose of a head at a moment: one motion for each family of driven_id, which ends as it begins."""

from __future__ import annotations

from math import pi, sin
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Pose(NamedTuple):
    """The difference between a head and its picture. Lengths are in units of half the face's size.

    `tilt` is in degrees, clockwise; `grow` is the growth of the head's size; `right` and `down` move it. Eyes close
    from 0 to 1, and are wide below 0. `smile` and `brows` raise the corners of the mouth and the brows. `mouth` opens
    it, from 0 to 1.
    """

    tilt: float = 0.0
    grow: float = 0.0
    right: float = 0.0
    down: float = 0.0
    left_eye: float = 0.0
    right_eye: float = 0.0
    smile: float = 0.0
    brows: float = 0.0
    mouth: float = 0.0


def pose_at(driven_id: str, progress: float, seconds: int) -> Pose:
    """Return the pose at `progress`, from 0 to 1, of so many `seconds`; without a `driven_id`, of a speaker."""
    motion = _MOTIONS.get(driven_id.partition("_")[0], _classic)
    return motion(progress, progress * seconds, seconds)


def _cute(progress: float, time: float, seconds: int) -> Pose:
    """Bob like a child: a hop a second, wide eyes, a growing smile."""
    amount = _ease(progress)
    hop = abs(sin(pi * time)) ** 1.5
    blink = _blink(time, 0.5)
    eyes = blink - 0.22 * amount * (1 - blink)
    return Pose(
        tilt=7 * amount * sin(2 * pi * progress * max(1, seconds // 2)),
        grow=0.05 * hop,
        down=-0.1 * hop,
        left_eye=eyes,
        right_eye=eyes,
        smile=0.1 * amount,
        brows=0.08 * amount,
    )


def _tired(progress: float, time: float, seconds: int) -> Pose:
    """Sink like a tired worker: the head goes down, the eyes nearly close, then it rises with a breath."""
    amount = _ease(progress)
    eyes = 0.55 * amount + 0.45 * _blink(time, 0.5, width=0.3)
    return Pose(
        tilt=-5 * amount + 1.5 * sin(2 * pi * progress * seconds),
        grow=0.03 * sin(2 * pi * progress),
        down=0.14 * amount,
        left_eye=eyes,
        right_eye=eyes,
        smile=-0.07 * amount,
        brows=-0.05 * amount,
    )


def _classic(progress: float, time: float, seconds: int) -> Pose:
    """Sway from side to side, raise the brows, and wink."""
    amount = _ease(progress)
    sway = sin(2 * pi * progress * seconds)
    return Pose(
        tilt=5 * sway * amount,
        grow=0.04 * amount,
        right=0.12 * sway * amount,
        left_eye=_blink(time, 0.5, width=0.16),
        right_eye=-0.2 * amount,
        smile=0.09 * amount,
        brows=0.12 * amount * abs(sway),
    )


def _speaking(progress: float, time: float, seconds: int) -> Pose:
    """Speak: three syllables a second, one louder than the next, with a nod and a blink."""
    syllable = sin(3 * pi * progress * seconds) ** 2
    blink = _blink(time, 0.5)
    return Pose(
        tilt=1.5 * sin(2 * pi * progress),
        down=0.02 * sin(2 * pi * progress * seconds),
        left_eye=blink,
        right_eye=blink,
        mouth=syllable * (0.7 + 0.3 * sin(pi * progress * seconds) ** 2),
    )


_MOTIONS: dict[str, Callable[[float, float, int], Pose]] = {
    "mengwa": _cute,
    "dagong": _tired,
    "jingdian": _classic,
    "": _speaking,
}


def _ease(progress: float) -> float:
    """Return a smooth rise from 0 to 1 in the first quarter, and the reverse in the last."""
    part = min(1.0, 4 * progress, 4 * (1 - progress))
    return part * part * (3 - 2 * part)


def _blink(time: float, at: float, width: float = 0.13) -> float:
    """Return how far an eye is closed at `time` by a blink `width` seconds before and after `at`, every two seconds."""
    away = abs((time - at + 1) % 2 - 1)
    part = max(0.0, 1 - away / width)
    return part * part * (3 - 2 * part)
