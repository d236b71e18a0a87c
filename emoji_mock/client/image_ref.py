"""The picture that a face was found in, kept with the boxes: nobody can take them to another one."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path  # noqa: TC003 - a named tuple knows the types of its fields
from typing import NamedTuple, TypeAlias

from emoji_mock.client.errors import PictureError, RequestError
from emoji_mock.client.plan.images import File, load


class ImageFileRef(NamedTuple):
    """A file: where it lies, and a digest of what it held when its face was found."""

    path: Path
    digest: bytes


ImageRef: TypeAlias = str | ImageFileRef | File
"""A URL, a file by its path, or the bytes that were given: at most 10 MB, as the vendor takes no more."""


def remember(picture: str | File) -> ImageRef:
    """Return what is kept of a picture; a file's bytes are not, so that a thousand results weigh little."""
    if isinstance(picture, str) or picture.path is None:
        return picture
    return ImageFileRef(picture.path.absolute(), _digest(picture.content))


def recall(seen: ImageRef | None) -> str | File:
    """Return the picture again, for another model. Raises PictureError or RequestError."""
    if seen is None:
        raise RequestError("this result does not know its picture: give the one that `detect` returned")
    if isinstance(seen, str):
        if seen.lower().startswith("oss:"):
            raise RequestError(
                f"{seen} was uploaded for the detection, and is not there for the video: the vendor binds an upload to"
                " one model. Give `detect` the path or the bytes; they are uploaded for each"
            )
        return seen
    if isinstance(seen, File):
        return seen
    file = load(seen.path)
    if isinstance(file, File) and _digest(file.content) == seen.digest:
        return file
    raise PictureError(f"{str(seen.path)!r} has changed since its face was found: `detect` it again")


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=16).digest()
