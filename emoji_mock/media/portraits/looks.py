"""How a drawn person looks: colours and hair, chosen by a seed."""

from random import Random
from typing import NamedTuple, TypeVar

Colour = tuple[int, int, int]
T = TypeVar("T")

_SKINS: tuple[Colour, ...] = (
    (246, 216, 194), (240, 202, 174), (229, 186, 154), (212, 164, 128), (188, 136, 100), (154, 106, 76), (118, 78, 56),
)  # fmt: skip
_HAIRS: tuple[Colour, ...] = (
    (34, 27, 26), (52, 36, 28), (84, 54, 34), (120, 78, 44), (168, 122, 70), (126, 60, 36), (128, 124, 122),
)  # fmt: skip
_SHIRTS: tuple[Colour, ...] = (
    (58, 92, 140), (146, 62, 66), (62, 112, 94), (88, 84, 110), (200, 168, 96), (226, 224, 218), (48, 54, 66),
)  # fmt: skip
_BACKGROUNDS: tuple[Colour, ...] = (
    (196, 212, 226), (222, 212, 198), (202, 218, 204), (214, 204, 222), (226, 206, 204), (190, 202, 208),
)  # fmt: skip
_IRISES: tuple[Colour, ...] = ((72, 46, 30), (96, 66, 38), (84, 104, 72), (82, 112, 140), (58, 44, 38))


class Looks(NamedTuple):
    """The looks of one person, and the wall behind."""

    skin: Colour
    hair: Colour
    shirt: Colour
    background: Colour
    iris: Colour
    long_hair: bool
    parting: float
    brow: float
    smile: float


def looks(random: Random) -> Looks:
    """Return the next looks from `random`."""
    return Looks(
        skin=pick(random, _SKINS),
        hair=pick(random, _HAIRS),
        shirt=pick(random, _SHIRTS),
        background=pick(random, _BACKGROUNDS),
        iris=pick(random, _IRISES),
        long_hair=random.random() < 0.5,  # noqa: PLR2004 - a coin
        parting=between(random, -0.5, 0.5),
        brow=between(random, 0.8, 1.2),
        smile=between(random, 0.02, 0.09),
    )


def pick(random: Random, among: tuple[T, ...]) -> T:
    """Return one of `among`; unlike `choice`, the same in every version of Python."""
    return among[int(random.random() * len(among))]


def between(random: Random, low: float, high: float) -> float:
    """Return a number between `low` and `high`."""
    return low + (high - low) * random.random()


def mixed(colour: Colour, other: Colour, share: float) -> Colour:
    """Return `colour` with a share of `other` in it."""
    red, green, blue = (round(one + (two - one) * share) for one, two in zip(colour, other, strict=True))
    return red, green, blue


def darker(colour: Colour, share: float) -> Colour:
    """Return `colour` in shade, a little warmer than grey."""
    return mixed(colour, (30, 14, 16), share)


def lighter(colour: Colour, share: float) -> Colour:
    """Return `colour` in the light."""
    return mixed(colour, (255, 252, 246), share)
