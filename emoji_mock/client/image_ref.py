"""The files that a caller gives, and references to them. Values only, so that results hold them without a circle."""

from __future__ import annotations

from hashlib import blake2b
from os import PathLike
from pathlib import Path  # noqa: TC003 - a named tuple evaluates the types of its fields
from typing import NamedTuple, TypeAlias

ImageSource: TypeAlias = str | PathLike[str] | bytes | bytearray | memoryview
"""An http(s) or oss URL, the path of a file, or a file's bytes."""


class ImageFile(NamedTuple):
    """A file to upload: file name, bytes, media type, and its path unless it was given as bytes."""

    name: str
    content: bytes
    media_type: str
    path: Path | None = None


class ImageFileRef(NamedTuple):
    """The path of a picture, and a digest of its bytes when its face was detected."""

    path: Path
    digest: bytes


ImageRef: TypeAlias = str | ImageFileRef | ImageFile
"""A URL, a file by its path, or a picture that was given as bytes (at most 10 MB, the vendor's limit)."""


def make_ref(image: str | ImageFile) -> ImageRef:
    """Return a reference to a picture. The bytes of a file are not kept, so that a thousand results stay small."""
    if isinstance(image, str) or image.path is None:
        return image
    return ImageFileRef(image.path.absolute(), image_digest(image.content))


def image_digest(content: bytes) -> bytes:
    """Return a digest of 16 bytes that identifies a picture."""
    return blake2b(content, digest_size=16).digest()
