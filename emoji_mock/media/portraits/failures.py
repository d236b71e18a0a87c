"""The knobs that make a picture deserve each verdict of a failed detection."""

from typing import Any

from emoji_mock.contract.catalogue import find
from emoji_mock.contract.codes import Code
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.row import Outcome
from emoji_mock.media.portraits.covers import Cover
from emoji_mock.media.portraits.portrait import Portrait

_SPOILED: dict[str, dict[str, Any]] = {
    Code.NO_HUMAN: {"people": 0},
    Code.MULTI_HUMAN: {"people": 2},
    Code.BODY_PROPORTION: {"face_share": 0.07},
    Code.RESOLUTION: {"size": Size(320, 320)},
    Code.VALUE: {"light": 0.04},
    Code.FRONT_BODY: {"turn": 180.0},
    Code.FULL_FACE: {"cover": Cover.MASK},
    Code.FACE_POSE: {"roll": 32.0},
}


def refused_as(code: str, seed: int = 0) -> Portrait:
    """Return a portrait that deserves `code`, in full or its end (`FacePose`). Raises UnknownCodeError."""
    return Portrait(seed=seed, **_SPOILED[find(code, Outcome.FAILED).name])
