"""What may be asked about: a URL, a path, or bytes; what is wrong with a picture of ours is said before it is sent."""

from __future__ import annotations

import re
from os import PathLike
from pathlib import Path
from typing import NamedTuple, TypeAlias

from emoji_mock.client.errors import PictureError, RequestError
from emoji_mock.contract.endpoint import IMAGE_BYTES, IMAGE_FORMATS

Picture: TypeAlias = str | PathLike[str] | bytes | bytearray | memoryview
"""An http(s) or oss URL, the path of a file, or a file's bytes."""

_SCHEME = re.compile(r"(?:(?=data:)|(?=[a-z0-9+.-]+://))([a-z0-9+.-]+):", re.IGNORECASE)
_URL_SCHEMES = {"http", "https", "oss"}
_LONGEST_URL = 8192
# The first bytes of each format; of WEBP, those from the ninth on.
_BEGINNINGS = {"JPEG": (0, b"\xff\xd8\xff"), "PNG": (0, b"\x89PNG\r\n\x1a\n"), "BMP": (0, b"BM"), "WEBP": (8, b"WEBP")}


class File(NamedTuple):
    """A picture of ours, to be uploaded; `path` is where it lies, unless it was given as bytes."""

    name: str
    content: bytes
    media_type: str
    path: Path | None = None


def load(picture: Picture) -> str | File:
    """Return the URL that `picture` is, or the file that it means. Raises PictureError or RequestError."""
    if isinstance(picture, bytes | bytearray | memoryview):
        return _checked("these bytes", "picture", bytes(picture[: IMAGE_BYTES + 1]))
    if isinstance(picture, str) and (scheme := _SCHEME.match(picture)):
        return _url(picture, scheme[1].lower())
    try:
        return _read(Path(picture))
    except TypeError:
        raise RequestError(f"a picture is a URL, a path or bytes, not {type(picture).__name__}") from None


def _url(url: str, scheme: str) -> str:
    if scheme == "data":
        raise RequestError(
            "the vendor takes no `data:` URL: give the picture's bytes, or its path, to have it uploaded"
        )
    if scheme not in _URL_SCHEMES:
        raise RequestError(f"{scheme}: is no scheme that the vendor fetches: give http, https or oss, or a path")
    if len(url) > _LONGEST_URL or not url.isprintable() or " " in url:
        raise RequestError(f"a URL has no blanks or control characters, and at most {_LONGEST_URL} characters")
    return url


def _read(path: Path) -> File:
    try:
        if not path.is_file():
            what = "is no regular file" if path.exists() else "is not there"
            raise PictureError(f"{str(path)!r} {what}: give a URL, the path of a picture, or its bytes")
        with path.open("rb") as file:
            content = file.read(IMAGE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise PictureError(f"{str(path)!r} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    return _checked(repr(str(path)), path.stem, content)._replace(path=path)


def _checked(what: str, stem: str, content: bytes) -> File:
    if len(content) > IMAGE_BYTES:
        raise PictureError(f"{what}: more than {IMAGE_BYTES // 1024**2} MB, which the vendor refuses; make it smaller")
    for name, (offset, beginning) in _BEGINNINGS.items():
        if content.startswith(beginning, offset):
            safe = re.sub(r"[^A-Za-z0-9_-]+", "-", stem)[:64].strip("-") or "picture"
            return File(f"{safe}.{name.lower()}", content, f"image/{name.lower()}")
    raise PictureError(f"{what}: empty, or no picture of the kinds that the vendor takes ({', '.join(IMAGE_FORMATS)})")
