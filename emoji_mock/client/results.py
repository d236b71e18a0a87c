"""The results of a detection: passed, with what the model says of the picture, or `Failed`. Both are billed."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, NoReturn, TypeAlias, cast

from emoji_mock.client.options import (
    AnimateDetector,
    BoxDetector,
    Detector,
    EmojiDetector,
    LivePortraitDetector,
    Ratio,
    S2vDetector,
)
from emoji_mock.contract.endpoint import ANIMATE_DETECT, LIVEPORTRAIT_DETECT, MODEL, RATIO, S2V_DETECT
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.contract.row import Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image
    from typing_extensions import TypeVar

    from emoji_mock.client.image_ref import ImageRef

    ModelT_co = TypeVar("ModelT_co", bound=str, covariant=True, default=EmojiDetector)
else:  # before Python 3.13, TypeVar has no `default`; only a type checker reads it
    from typing import TypeVar

    ModelT_co = TypeVar("ModelT_co", bound=str, covariant=True)

_ADVICE = "check `result.passed`, `match` on Passed and Failed, or use `raise_on_failed=True`"
_BOX_NAMES = {"face", "ext", "bbox_face", "ext_bbox_face", "face_bbox", "ext_bbox", "crop"}


class _Verdict:
    """What all results share. `if result:` is forbidden: it would take a refused picture for a good one."""

    __slots__ = ()
    images: int

    @property
    def billed(self) -> bool:
        """Whether the vendor charged for the detection."""
        return self.images > 0

    def __bool__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} has no truth value; {_ADVICE}")


class _WithoutBoxes(_Verdict):
    """The result of a model that finds no boxes, or of a detection that failed."""

    __slots__ = ()

    if not TYPE_CHECKING:  # a type checker reports such names anyway

        def __getattr__(self, name: str) -> NoReturn:
            """Explain why there are no boxes."""
            if name in _BOX_NAMES:
                raise AttributeError(f"{self._why_no_boxes()}, so there is no {name!r}; {_ADVICE}")
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _why_no_boxes(self) -> str:
        raise NotImplementedError


class _PassedWithoutBoxes(_WithoutBoxes):
    __slots__ = ()
    model: ClassVar[Any]

    def _why_no_boxes(self) -> str:
        return f"{self.model} finds no boxes"


@dataclass(frozen=True, slots=True)
class Passed(_Verdict, Generic[ModelT_co]):
    """The picture can be animated. `face` and `ext`, the larger box around it, are in pixels of the picture.

    `images` is the number of billed images. `picture` refers to the detected picture, for `animate`. `model` is
    emoji-detect-v1, and `Passed` alone means `Passed[Literal["emoji-detect-v1"]]`; or it is emo-detect-v1, which also
    has a `ratio`, the shape of `ext`, and may say whether the figure is `humanoid`.
    """

    passed: ClassVar[Literal[True]] = True
    outcome: ClassVar[Outcome] = Outcome.PASSED

    face: Box
    ext: Box
    request_id: str = ""
    images: int = 1
    picture: ImageRef | None = field(default=None, repr=False, compare=False)
    model: ModelT_co = field(default=cast("Any", MODEL), kw_only=True)
    ratio: Ratio = field(default=RATIO, kw_only=True)
    humanoid: bool | None = field(default=None, kw_only=True)

    def crop(self, picture: Image | Path | str | bytes, box: Literal["face", "ext"] = "face") -> Image:
        """Return the part of the detected picture inside a box.

        `picture` is a Pillow image, or the path or bytes of one. Pixels are counted as they are stored: an EXIF
        orientation is ignored. Raises ValueError if the box is not inside the picture.
        """
        return _crop(picture, self.ext if box == "ext" else self.face)


@dataclass(frozen=True, slots=True)
class PassedS2v(_PassedWithoutBoxes):
    """wan2.2-s2v-detect: the figure can be animated. `humanoid` is None if the model did not say it."""

    passed: ClassVar[Literal[True]] = True
    outcome: ClassVar[Outcome] = Outcome.PASSED
    model: ClassVar[S2vDetector] = S2V_DETECT

    humanoid: bool | None = None
    request_id: str = ""
    images: int = 1
    picture: ImageRef | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class PassedLivePortrait(_PassedWithoutBoxes):
    """liveportrait-detect: the portrait can be animated."""

    passed: ClassVar[Literal[True]] = True
    outcome: ClassVar[Outcome] = Outcome.PASSED
    model: ClassVar[LivePortraitDetector] = LIVEPORTRAIT_DETECT

    request_id: str = ""
    images: int = 1
    picture: ImageRef | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class PassedAnimate(_PassedWithoutBoxes):
    """animate-anyone-detect-gen2: the person can be animated. `body_style` is how much is shown, `full` or `half`."""

    passed: ClassVar[Literal[True]] = True
    outcome: ClassVar[Outcome] = Outcome.PASSED
    model: ClassVar[AnimateDetector] = ANIMATE_DETECT

    body_style: str = ""
    request_id: str = ""
    images: int = 1
    picture: ImageRef | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Failed(_WithoutBoxes):
    """The picture was refused. It is billed all the same, unless `images` is 0.

    `code` and `message` are the vendor's own; a model may leave either empty, or both. `status` is 200, or 400 if the
    vendor reports the failed detection as an error, which is not billed.
    """

    passed: ClassVar[Literal[False]] = False
    outcome: ClassVar[Outcome] = Outcome.FAILED

    code: str
    message: str
    request_id: str = ""
    images: int = 1
    status: int = 200
    model: Detector = field(default=MODEL, kw_only=True)

    @property
    def reason(self) -> str:
        """The vendor's code, or else its message, or else that it gave neither."""
        return self.code or self.message or f"{self.model} gives no reason"

    def _why_no_boxes(self) -> str:
        return f"the detection failed with {self.code or 'no code'}"


AnyPassed: TypeAlias = Passed[BoxDetector] | PassedS2v | PassedLivePortrait | PassedAnimate
"""A picture that passed, at any model."""
AnyResult: TypeAlias = AnyPassed | Failed
"""The result of a detection at any model."""
Result: TypeAlias = Passed | Failed
"""The result of a detection at emoji-detect-v1."""


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
