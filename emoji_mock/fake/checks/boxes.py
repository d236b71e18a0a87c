"""Make up the face in a picture from its URL and the seed: the same on every machine."""

from functools import lru_cache
from hashlib import blake2b

from emoji_mock.contract.endpoint import IMAGE_SIDES
from emoji_mock.contract.geometry import Box, Size, ext_box
from emoji_mock.contract.models.detection import Boxes

# Common sizes of portraits, for pictures whose size is unknown.
_SIZES = tuple(
    Size(*size)
    for size in (
        (600, 800), (640, 640), (720, 960), (768, 1024), (800, 800), (1024, 1024), (1080, 1080), (1080, 1440),
    )
)  # fmt: skip

ROOMY = Size(IMAGE_SIDES[1], IMAGE_SIDES[1])
"""The size assumed for a picture of which only the face is known, so that no border cuts the larger box."""

_SHORT = 2048


def boxes_for(image_url: str, seed: int = 0, size: Size | None = None, face: Box | None = None) -> Boxes:
    """Return the boxes for a picture; `size` and `face` (pixels) are kept where they are known."""
    # A `data:` URL holds a whole picture, which is too large for the cache.
    return (_lay_cached if len(image_url) < _SHORT else _lay)(image_url, seed, size, face)


def _lay(image_url: str, seed: int, size: Size | None, face: Box | None) -> Boxes:
    if face is None:
        size, face = _face_in(size, _digest(image_url, seed))
    return Boxes(face, ext_box(face, size or ROOMY))


_lay_cached = lru_cache(maxsize=1024)(_lay)


def _digest(image_url: str, seed: int) -> int:
    salt = seed.to_bytes(16, "big", signed=True)
    return int.from_bytes(blake2b(image_url.encode(), digest_size=8, salt=salt).digest(), "big")


def _face_in(size: Size | None, digest: int) -> tuple[Size, Box]:
    if size is None:
        digest, offset = divmod(digest, len(_SIZES))
        size = _SIZES[offset]
    # The face takes 20 to 40 % of the short side, its centre lies in the middle sixth and in the upper half.
    fifth = min(size) // 5
    digest, offset = divmod(digest, fifth + 1)
    width = fifth + offset
    digest, offset = divmod(digest, size.width // 6 + 1)
    left = size.width * 5 // 12 + offset - width // 2
    digest, offset = divmod(digest, size.height // 6 + 1)
    top = size.height // 3 + offset - width // 2
    height = width + digest % 3 - 1  # nearly square, as both published ones are
    return size, Box(left, top, left + width, top + height)
