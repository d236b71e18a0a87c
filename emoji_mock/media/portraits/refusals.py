"""Portraits that a detection refuses: for each code several kinds, each by random degrees."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from emoji_mock.contract.catalogue import find
from emoji_mock.contract.codes import Code
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.row import Outcome
from emoji_mock.media.portraits.covers import Cover
from emoji_mock.media.portraits.looks import choose, uniform
from emoji_mock.media.portraits.portrait import Portrait

if TYPE_CHECKING:
    from collections.abc import Callable

_SIZES = (Size(640, 800), Size(640, 640), Size(600, 800), Size(720, 540))


def _either(random: Random, low: float, high: float) -> float:
    """Return a number from `low` to `high`, or its negative."""
    return uniform(random, low, high) * choose(random, (-1, 1))


def _cut(random: Random) -> dict[str, Any]:
    """Return a face of which a third or more is beyond the left, right, upper or lower border."""
    size, share, outside = choose(random, _SIZES), uniform(random, 0.4, 0.6), uniform(random, 0.35, 0.5)
    side = choose(random, ("left", "right", "top", "bottom"))
    # The face is as high as its box, and four fifths as wide.
    half = share * min(size) / 2 * (0.79 if side in {"left", "right"} else 1)
    inside = half * (1 - 2 * outside) / (size.width if side in {"left", "right"} else size.height)
    place = {
        "left": (inside, 0.45),
        "right": (1 - inside, 0.45),
        "top": (0.5, inside),
        "bottom": (0.5, 1 - inside),
    }[side]
    return {"size": size, "face_share": share, "place": place}


def _covered(random: Random, cover: Cover) -> dict[str, Any]:
    return {"cover": cover, "face_share": uniform(random, 0.3, 0.5)}


_KINDS: dict[str, tuple[Callable[[Random], dict[str, Any]], ...]] = {
    Code.NO_HUMAN: (lambda random: {"people": 0, "face_share": uniform(random, 0.25, 0.6)},),
    Code.MULTI_HUMAN: (
        lambda random: {"people": 2, "size": choose(random, _SIZES), "face_share": uniform(random, 0.3, 0.5)},
    ),
    Code.BODY_PROPORTION: (
        lambda random: {"face_share": uniform(random, 0.05, 0.08)},
        lambda random: {"face_share": uniform(random, 0.88, 1.0)},
    ),
    Code.RESOLUTION: (
        lambda random: {"size": Size(320, round(uniform(random, 320, 1000)))},
        lambda random: {"size": Size(round(uniform(random, 7001, 7400)), 500)},
        lambda random: {"size": Size(round(uniform(random, 300, 1000)), round(uniform(random, 100, 399)))},
    ),
    Code.VALUE: (
        lambda random: {"light": uniform(random, 0.02, 0.1)},
        lambda random: {"blur": uniform(random, 0.025, 0.05)},
    ),
    Code.FRONT_BODY: (lambda random: {"turn": 180.0, "face_share": uniform(random, 0.3, 0.5)},),
    Code.FULL_FACE: (
        lambda random: _covered(random, Cover.MASK),
        lambda random: _covered(random, Cover.SUNGLASSES),
        lambda random: _covered(random, Cover.HAND),
        _cut,
    ),
    Code.FACE_POSE: (
        lambda random: {"roll": _either(random, 28, 60)},
        lambda random: {"turn": _either(random, 32, 50)},
        lambda random: {"quarter_turns": choose(random, (1, 2, 3))},
    ),
}


def refused_as(code: str, seed: int = 0) -> Portrait:
    """Return a portrait that deserves `code`, in full or in short (`FacePose`). Raises UnknownCodeError.

    `seed` chooses the person, what is wrong (seeds that follow one another go through all kinds) and by how much.
    """
    name = find(code, Outcome.FAILED).name
    kinds = _KINDS[name]
    random = Random(f"{name} {seed}")  # noqa: S311 - not for secrets
    return Portrait(seed=seed, **kinds[seed % len(kinds)](random))
