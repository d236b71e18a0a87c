"""Make small pictures of picture files, as people see them: upright, and without what else is in the file."""

from __future__ import annotations

from hashlib import blake2b
from io import BytesIO
from typing import TYPE_CHECKING

from emoji_mock._support.fork_safety import Locked
from emoji_mock.media.decoding import open_picture
from emoji_mock.media.viewing import flat, upright

if TYPE_CHECKING:
    from PIL import Image

LONGEST = 640
"""How many pixels the longest side has at most."""
KEPT_BYTES = 8 * 1024 * 1024
"""How many bytes of thumbnails are kept for the next time: some hundred."""
_QUALITY = 85
_SCALED_WELL = frozenset({"L", "RGB", "RGBA"})  # Pillow scales other modes by the nearest pixel


def make_thumbnail(data: bytes) -> bytes:
    """Return a picture file as a JPEG of at most LONGEST pixels a side. Raises BrokenPictureError."""
    with open_picture(data) as (file, image):
        image.draft("RGB", (LONGEST, LONGEST))  # a JPEG is decoded at a fraction of its size
        shown = upright(_reduced(image), file.orientation)
    out = BytesIO()
    shown.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _reduced(image: Image.Image) -> Image.Image:
    if image.mode not in _SCALED_WELL or image.has_transparency_data:
        image = flat(image)
    image.thumbnail((LONGEST, LONGEST))
    return flat(image)


class Thumbnails(Locked):
    """The thumbnails that were used last, KEPT_BYTES of them. Safe from any thread."""

    def __init__(self, most: int = KEPT_BYTES) -> None:
        super().__init__()
        self._most, self._size = most, 0
        self._kept: dict[bytes, bytes] = {}

    def of(self, data: bytes) -> bytes:
        """Return the thumbnail of a picture file. Raises BrokenPictureError."""
        digest = blake2b(data, digest_size=16).digest()
        with self._lock:
            found = self._kept.pop(digest, None)
            if found is not None:
                self._kept[digest] = found
                return found
        made = make_thumbnail(data)
        with self._lock:
            self._size += len(made) - len(self._kept.pop(digest, b""))
            self._kept[digest] = made
            while self._size > self._most:
                self._size -= len(self._kept.pop(next(iter(self._kept))))
        return made


thumbnail = Thumbnails().of
"""Return the thumbnail of a picture file; all callers share those that are kept."""
