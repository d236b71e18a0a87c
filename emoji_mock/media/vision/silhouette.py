"""Find a person without a face, from behind say: head and shoulders before an even background."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image

_SIDE = 96
_DIFFERENT = 28.0
"""How far a colour is from the background's to belong to the foreground."""
_STEP = 6.0
"""How much the background may change from one row to the next."""
_WIDER = 0.25
"""The most that the foreground widens from one row to the next: shoulders slope, the top of a table does not."""
_EDGE = 0.04
"""The share of the width at each side that is taken for background."""


def shows_person(image: Image.Image) -> bool:
    """Return whether the foreground of an RGB image is a head on wider shoulders that reach the lower edge.

    The background of each row is what its ends show, so it must be even there; of other pictures nothing can be told.
    """
    widths = _foreground_widths(image)
    rows = [row for row, width in enumerate(widths) if width > 0]
    if not rows or rows[0] == 0 or len(rows) < len(widths) // 3 or rows[0] + len(rows) < len(widths):
        return False
    person = widths[rows[0] :]
    if min(person) == 0 or max(after - before for before, after in pairwise(person)) > _WIDER:
        return False
    upper = widths[rows[0] : rows[0] + len(rows) // 2]
    head, shoulders = max(upper[: len(upper) // 2 + 1]), max(widths[-len(rows) // 4 :])
    return 0.08 < head < 0.6 and shoulders > 1.3 * head  # noqa: PLR2004 - shares of the width


def _foreground_widths(image: Image.Image) -> list[float]:
    """Return how much of each row is foreground, as a share of the width, from the top down."""
    import numpy as np  # noqa: PLC0415 - OpenCV brings it

    pixels: Any = np.asarray(image.resize((_SIDE, _SIDE)), dtype=float)  # pyright: ignore[reportUnknownMemberType]
    edge = max(1, round(_EDGE * _SIDE))
    left, right = pixels[:, :edge].mean(axis=1), pixels[:, -edge:].mean(axis=1)
    share = np.linspace(0.0, 1.0, _SIDE)[None, :, None]
    _follow(left)
    _follow(right)
    background = left[:, None] * (1 - share) + right[:, None] * share
    different = np.abs(pixels - background).max(axis=2) > _DIFFERENT
    widths: list[float] = different.mean(axis=1).tolist()
    return [width if width > 0.03 else 0.0 for width in widths]  # noqa: PLR2004 - less is noise


def _follow(side: Any) -> None:  # noqa: ANN401 - an array
    """Replace colours of a side that are no background: where it changes at once, shoulders reach it."""
    import numpy as np  # noqa: PLC0415

    for row in range(1, len(side)):
        if np.abs(side[row] - side[row - 1]).max() > _STEP:
            side[row] = side[row - 1]
