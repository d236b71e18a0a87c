"""What every format says of a picture file: its size, its orientation, whether it is complete, and its bare pixels."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from emoji_mock.contract.geometry import Size

MAX_PARTS = 300_000
"""A file of more segments or chunks is refused unread, as each takes time; encoders write a few thousand at most."""

_TURNED = 5
"""From this EXIF orientation on, to the last one, 8, the picture lies on its side."""


class BrokenPictureError(ValueError):
    """A file with the signature of a picture format that cannot be decoded."""


class PictureFile(ABC):
    """A picture file of one format. Its header is read at once; raises BrokenPictureError if it cannot be."""

    pillow_format: ClassVar[str]
    """Pillow's name of the format."""
    size: Size
    """The size in pixels, as stored."""

    @property
    def orientation(self) -> int:
        """The EXIF orientation, from 1 (as stored) to 8; 1 where the file states none."""
        return 1

    @property
    def upright_size(self) -> Size:
        """The size in pixels of the picture as people see it, turned by its orientation."""
        return Size(self.size.height, self.size.width) if self.orientation >= _TURNED else self.size

    @property
    def working_bytes(self) -> int:
        """About how many bytes Pillow needs to decode it, besides those of the picture in memory."""
        return 0

    @property
    def is_slow(self) -> bool:
        """Whether Pillow may need seconds to decode it."""
        return False

    @abstractmethod
    def check(self) -> None:
        """Raise BrokenPictureError unless the picture is complete. Costs at most about a second and 120 MB."""

    @abstractmethod
    def bare(self) -> bytes:
        """Return the file without what Pillow need not read: metadata, text, colour profiles, what follows the end."""
