"""The looks of a drawn person, chosen at random: colours and hair."""

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
    """Colours and hair of one person, and the colour of the background. Lengths are in units of half a face."""

    skin: Colour
    hair: Colour
    shirt: Colour
    background: Colour
    iris: Colour
    long_hair: bool
    parting: float
    brow: float
    smile: float


def random_looks(random: Random) -> Looks:
    """Return random looks."""
    return Looks(
        skin=choose(random, _SKINS),
        hair=choose(random, _HAIRS),
        shirt=choose(random, _SHIRTS),
        background=choose(random, _BACKGROUNDS),
        iris=choose(random, _IRISES),
        long_hair=random.random() < 0.5,  # noqa: PLR2004 - one in two
        parting=uniform(random, -0.5, 0.5),
        brow=uniform(random, 0.8, 1.2),
        smile=uniform(random, 0.02, 0.09),
    )


def choose(random: Random, options: tuple[T, ...]) -> T:
    """Return one of `options`. Unlike `Random.choice`, it gives the same in every version of Python."""
    return options[int(random.random() * len(options))]


def uniform(random: Random, low: float, high: float) -> float:
    """Return a random number from `low` to `high`."""
    return low + (high - low) * random.random()


def mix(colour: Colour, other: Colour, share: float) -> Colour:
    """Return a mix of two colours, with `share` (0 to 1) of `other`."""
    red, green, blue = (round(one + (two - one) * share) for one, two in zip(colour, other, strict=True))
    return red, green, blue


def darken(colour: Colour, share: float) -> Colour:
    """Return `colour` in shade (a warm grey), by `share` from 0 to 1."""
    return mix(colour, (30, 14, 16), share)


def lighten(colour: Colour, share: float) -> Colour:
    """Return `colour` in light, by `share` from 0 to 1."""
    return mix(colour, (255, 252, 246), share)
