"""The results of a detection: `Passed` with boxes, or `Failed` with the vendor's reason. Both are billed."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, ClassVar, Literal, NoReturn, TypeAlias

from emoji_mock.contract.geometry import Box, Size
from emoji_mock.contract.row import Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image

    from emoji_mock.client.image_ref import ImageRef

_ADVICE = "check `result.passed`, `match` on Passed and Failed, or use `raise_on_failed=True`"


class _NoTruthValue:
    """Forbid `if result:`, which would take a refused picture for a good one, or the reverse."""

    __slots__ = ()

    def __bool__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} has no truth value; {_ADVICE}")


@dataclass(frozen=True, slots=True)
class Passed(_NoTruthValue):
    """The picture can be animated. `face` and `ext`, the larger box around it, are in pixels of the picture.

    `images` is the number of billed images. `picture` refers to the detected picture, for `animate`.
    """

    passed: ClassVar[Literal[True]] = True
    outcome: ClassVar[Outcome] = Outcome.PASSED

    face: Box
    ext: Box
    request_id: str = ""
    images: int = 1
    picture: ImageRef | None = field(default=None, repr=False, compare=False)

    @property
    def billed(self) -> bool:
        """Whether the vendor charged for the detection."""
        return self.images > 0

    def crop(self, picture: Image | Path | str | bytes, box: Literal["face", "ext"] = "face") -> Image:
        """Return the part of the detected picture inside a box.

        `picture` is a Pillow image, or the path or bytes of one. Pixels are counted as they are stored: an EXIF
        orientation is ignored. Raises ValueError if the box is not inside the picture.
        """
        return _crop(picture, self.ext if box == "ext" else self.face)


@dataclass(frozen=True, slots=True)
class Failed(_NoTruthValue):
    """The picture was refused, and is billed all the same. `code` and `message` are the vendor's own.

    `status` is 200, or 400 if the vendor reports failed detections as errors; then `images` is 0.
    """

    passed: ClassVar[Literal[False]] = False
    outcome: ClassVar[Outcome] = Outcome.FAILED

    code: str
    message: str
    request_id: str = ""
    images: int = 1
    status: int = 200

    @property
    def billed(self) -> bool:
        """Whether the vendor charged for the detection."""
        return self.images > 0

    if not TYPE_CHECKING:  # a type checker reports such names anyway

        def __getattr__(self, name: str) -> NoReturn:
            """Explain why there are no boxes."""
            if name in {"face", "ext", "bbox_face", "ext_bbox_face", "crop"}:
                raise AttributeError(f"the detection failed with {self.code}, so there is no {name!r}; {_ADVICE}")
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


Result: TypeAlias = Passed | Failed
"""The result of a detection."""


def _crop(picture: Image | Path | str | bytes, box: Box) -> Image:
    from PIL import Image  # noqa: PLC0415 - only cropping needs Pillow

    if not isinstance(picture, Image.Image):
        with Image.open(BytesIO(picture) if isinstance(picture, bytes) else picture) as opened:
            return _crop(opened, box)
    size = Size(*picture.size)
    if not box.within(size):
        raise ValueError(
            f"the box {box.as_tuple()} is outside the picture of {size.width}x{size.height} pixels;"
            " pass the picture that was detected, not resized"
        )
    return picture.crop(box.as_tuple())
