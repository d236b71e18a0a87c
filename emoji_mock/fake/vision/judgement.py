"""Judge a picture by what is seen in it: the row that refuses it and why, or its face."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.contract.models.emoji import DETECT
from emoji_mock.contract.rows import emo, failed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.contract.geometry import Box
    from emoji_mock.contract.model import DetectionModel
    from emoji_mock.contract.row import Row
    from emoji_mock.contract.vision import FaceFacts, PictureFacts
    from emoji_mock.fake.vision.eyes import Eyes


class PictureVerdict(NamedTuple):
    """What a detection says of a picture: the row that refuses it, None if it passes; the face; and the reason."""

    row: Row | None
    face: Box | None
    reason: str
    whole_body: bool | None = None
    """Whether there is room for a whole body below the face; None without a face."""


FACES = 16
"""How many faces of a picture the journal keeps, the largest."""


def seen_text(facts: PictureFacts) -> str:
    """Return what the journal keeps of what was seen: the size of the picture, then the box of each face."""
    return " ".join(["x".join(map(str, facts.size)), *(",".join(map(str, each.box)) for each in facts.faces[:FACES])])


def judge(facts: PictureFacts, eyes: Eyes, model: DetectionModel = DETECT, ratio: str = "") -> PictureVerdict:
    """Return how a detection by `model` judges a picture, in the rows of emoji-detect-v1 and emo-detect-v1."""
    face = facts.faces[0].box if facts.faces else None
    below = facts.faces[0].below if facts.faces else 0.0
    whole_body = below >= eyes.whole if facts.faces else None
    reasons = [
        each for each in _reasons(facts, eyes) if not (model.any_face_size and each[0] is failed.BODY_PROPORTION)
    ]
    if facts.faces and ratio in model.half_body and below < eyes.half:
        reasons.append((emo.FULL_BODY, f"room for {below:.1f} faces below the face < {eyes.half:g}"))
    for row, reason in reasons:
        return PictureVerdict(row, face, f"{str(row.code).removeprefix('InvalidFile.')}: {reason}", whole_body)
    return PictureVerdict(None, face, "one face, which is whole and seen from the front", whole_body)


def _reasons(facts: PictureFacts, eyes: Eyes) -> Iterator[tuple[Row, str]]:
    """Yield what speaks against a picture, the first reason first."""
    if facts.light < eyes.light:
        yield failed.VALUE, f"light {facts.light:.2f} < {eyes.light:g}"
    if not facts.faces:
        yield (failed.FRONT_BODY, "a person without a face") if facts.body else (failed.NO_HUMAN, "no face")
        return
    face, *others = facts.faces
    people = 1 + sum(other.box.width >= eyes.second * face.box.width for other in others)
    if people > 1:
        yield failed.MULTI_HUMAN, f"{people} faces"
    yield from _reasons_of_face(facts, face, eyes)


def _reasons_of_face(facts: PictureFacts, face: FaceFacts, eyes: Eyes) -> Iterator[tuple[Row, str]]:
    share = face.box.width / min(facts.size)
    if face.cut > eyes.cut:
        yield failed.FULL_FACE, f"{face.cut:.0%} of the face is outside > {eyes.cut:.0%}"
    if share < eyes.smallest:
        yield failed.BODY_PROPORTION, f"face {share:.2f} of the short side < {eyes.smallest:g}"
    if share > eyes.largest:
        yield failed.BODY_PROPORTION, f"face {share:.2f} of the short side > {eyes.largest:g}"
    if facts.sharpness < eyes.sharpness:  # before the pose, which is not told of a blurred face
        yield failed.VALUE, f"sharpness {facts.sharpness:.2f} < {eyes.sharpness:g}"
    if face.covered > eyes.covered:
        yield failed.FULL_FACE, f"covered {face.covered:.2f} > {eyes.covered:g}"
    if abs(face.roll) > eyes.roll:
        yield failed.FACE_POSE, f"roll {abs(face.roll):.0f}° > {eyes.roll:g}°"
    if abs(face.yaw) > eyes.yaw:
        yield failed.FACE_POSE, f"yaw {abs(face.yaw):.0f}° > {eyes.yaw:g}°"
