"""Judge a picture by what is seen in it: the row that refuses it and why, or its face."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.contract.rows import failed

if TYPE_CHECKING:
    from emoji_mock.contract.geometry import Box
    from emoji_mock.contract.row import Row
    from emoji_mock.contract.vision import PictureFacts
    from emoji_mock.fake.vision.eyes import Eyes


class PictureVerdict(NamedTuple):
    """What a detection says of a picture: the row that refuses it, None if it passes; the face; and the reason."""

    row: Row | None
    face: Box | None
    reason: str


def judge(facts: PictureFacts, eyes: Eyes) -> PictureVerdict:
    """Return how emoji-detect-v1 judges a picture."""
    faces = facts.faces
    if not faces:
        return PictureVerdict(failed.NO_HUMAN, None, "NoHuman: no face")
    if len(faces) > 1:
        return PictureVerdict(failed.MULTI_HUMAN, faces[0].box, f"MultiHuman: {len(faces)} faces")
    if abs(faces[0].roll) > eyes.roll:
        return PictureVerdict(failed.FACE_POSE, faces[0].box, f"FacePose: roll {faces[0].roll:.0f}° > {eyes.roll:g}°")
    return PictureVerdict(None, faces[0].box, "one face")
