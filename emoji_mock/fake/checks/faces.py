"""Find the face in a picture: derived from its URL or its bytes, because only a detector could tell."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

from emoji_mock.contract.documents.detection import Boxes
from emoji_mock.contract.endpoint import IMAGE_SIDES
from emoji_mock.contract.exchange import new_tuple
from emoji_mock.contract.geometry import Box, Size, ext_box

# Common sizes of portraits, for pictures whose size is unknown.
_SIZES = tuple(
    Size(*size)
    for size in (
        (600, 800), (640, 640), (720, 960), (768, 1024), (800, 800), (1024, 1024), (1080, 1080), (1080, 1440),
    )
)  # fmt: skip

ROOMY = Size(IMAGE_SIDES[1], IMAGE_SIDES[1])
"""The size assumed for a picture of which only the face is known, so that no border cuts the larger box."""


def boxes_for(image_url: str, seed: int = 0, size: Size | None = None, face: Box | None = None) -> Boxes:
    """Return the boxes for a picture; `size` and `face` (pixels) are kept where they are known."""
    if face is None:
        size, face = face_in(image_url, seed, size)
    return Boxes(face, ext_box(face, size or ROOMY))


def face_in(image_url: str, seed: int = 0, size: Size | None = None) -> tuple[Size, Box]:
    """Return the size of a picture, a common one if it is unknown, and the face in it."""
    digest = _digest(image_url, seed)
    if size is None:
        digest, number = divmod(digest, len(_SIZES))
        size = _SIZES[number]
    return size, _face(size, digest)


def size_of(image_url: str, seed: int, sizes: tuple[Size, ...]) -> Size:
    """Return one of `sizes` for a picture whose size is unknown."""
    return sizes[_digest(image_url, seed) % len(sizes)]


def _digest(image_url: str, seed: int) -> int:
    hasher = _salted(seed).copy()
    hasher.update(image_url.encode())
    return int.from_bytes(hasher.digest(), "big")


@lru_cache(maxsize=16)
def _salted(seed: int) -> blake2b:
    return blake2b(digest_size=8, salt=seed.to_bytes(16, "big", signed=True))


def _face(size: Size, digest: int) -> Box:
    full_width, full_height = size
    # The face takes 20 to 40 % of the short side, its centre lies in the middle sixth and in the upper half.
    fifth = min(full_width, full_height) // 5
    digest, wider = divmod(digest, fifth + 1)
    digest, right = divmod(digest, full_width // 6 + 1)
    digest, down = divmod(digest, full_height // 6 + 1)
    width = fifth + wider
    height = width + digest % 3 - 1  # nearly square, as both published ones are
    left = full_width * 5 // 12 + right - width // 2
    top = full_height // 3 + down - width // 2
    return new_tuple(Box, (left, top, left + width, top + height))
