"""What a detection ends in: `Passed` with boxes, or `Failed` with the vendor's reason. Both are billed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal, NoReturn, TypeAlias

from emoji_mock.contract.row import Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image

    from emoji_mock.client.image_ref import ImageRef
    from emoji_mock.contract.geometry import Box

_ASK = "ask `result.passed`, `match` on Passed and Failed, or use `raise_on_failed=True`"


class _NoTruth:
    """A result has no truth value, so that nobody takes a refused picture for a good one, or the reverse."""

    __slots__ = ()

    def __bool__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} is neither true nor false: {_ASK}")


@dataclass(frozen=True, slots=True)
class Passed(_NoTruth):
    """The picture can be animated: the face, the larger box around it, and what the call was billed for.

    `picture` is the one that they were found in, for `animate`.
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
        """Whether the vendor charged for it."""
        return self.images > 0

    def crop(self, picture: Image | Path | str | bytes, box: Literal["face", "ext"] = "face") -> Image:
        """Return that part of `picture`, a Pillow image, or the path or bytes of one: the one that was asked about.

        Raises ValueError if the box does not lie in it.
        """
        from emoji_mock.client.crop import crop  # noqa: PLC0415 - only who crops pays for Pillow

        return crop(picture, self.ext if box == "ext" else self.face)


@dataclass(frozen=True, slots=True)
class Failed(_NoTruth):
    """The picture was refused, and is billed all the same; `code` and `message` are the vendor's own.

    `status` is 200, or 400 where the vendor follows the other one of its pages: then no image is billed.
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
        """Whether the vendor charged for it."""
        return self.images > 0

    if not TYPE_CHECKING:  # a type checker tells it by itself

        def __getattr__(self, name: str) -> NoReturn:
            """Explain why there are no boxes."""
            if name in {"face", "ext", "bbox_face", "ext_bbox_face", "crop"}:
                raise AttributeError(f"the picture failed with {self.code}, so there is no {name!r}; {_ASK}")
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


Result: TypeAlias = Passed | Failed
"""What a detection ends in."""
