"""Read the picture that a caller gives: a URL, a path or bytes. What is wrong with it is reported before a request."""

from __future__ import annotations

import re
from os import PathLike
from pathlib import Path
from typing import TypeAlias

from emoji_mock.client.errors import PictureError, RequestError
from emoji_mock.client.image_ref import ImageFile, ImageRef, image_digest
from emoji_mock.contract.endpoint import IMAGE_BYTES, IMAGE_FORMATS

ImageSource: TypeAlias = str | PathLike[str] | bytes | bytearray | memoryview
"""An http(s) or oss URL, the path of a file, or a file's bytes."""

_SCHEME = re.compile(r"(?:(?=data:)|(?=[a-z0-9+.-]+://))([a-z0-9+.-]+):", re.IGNORECASE)
_URL_SCHEMES = {"http", "https", "oss"}
_MAX_URL_LENGTH = 8192
# Format -> offset and value of the bytes that identify it.
_SIGNATURES = {"JPEG": (0, b"\xff\xd8\xff"), "PNG": (0, b"\x89PNG\r\n\x1a\n"), "BMP": (0, b"BM"), "WEBP": (8, b"WEBP")}


def load_image(image: ImageSource) -> str | ImageFile:
    """Return `image` if it is a URL, else the file to upload. Raises PictureError or RequestError."""
    if isinstance(image, bytes | bytearray | memoryview):
        return _checked("image bytes", "picture", bytes(image[: IMAGE_BYTES + 1]))
    if isinstance(image, str) and (scheme := _SCHEME.match(image)):
        return _require_url(image, scheme[1].lower())
    try:
        return _read(Path(image))
    except TypeError:
        raise RequestError(f"image: expected a URL, a path or bytes, got {type(image).__name__}") from None


def reload_image(ref: ImageRef | None) -> str | ImageFile:
    """Return the picture of a detection, to use it with another model. Raises PictureError or RequestError."""
    if ref is None:
        raise RequestError("the result refers to no picture; pass the one that `detect` returned")
    if isinstance(ref, str):
        if ref.lower().startswith("oss:"):
            raise RequestError(
                f"{ref} was uploaded for the detection and cannot be used for the video: the vendor binds an upload to"
                " one model. Pass the path or the bytes to `detect`; they are uploaded for each model"
            )
        return ref
    if isinstance(ref, ImageFile):
        return ref
    file = load_image(ref.path)
    if isinstance(file, ImageFile) and image_digest(file.content) == ref.digest:
        return file
    raise PictureError(f"{str(ref.path)!r} has changed since its face was detected; call `detect` again")


def _require_url(url: str, scheme: str) -> str:
    if scheme == "data":
        raise RequestError("the vendor accepts no `data:` URL; pass the picture's bytes or path to upload it")
    if scheme not in _URL_SCHEMES:
        raise RequestError(f"unsupported URL scheme {scheme!r}; use http, https or oss, or pass a path")
    if len(url) > _MAX_URL_LENGTH or not url.isprintable() or " " in url:
        raise RequestError(
            f"invalid URL: it has blanks or control characters, or more than {_MAX_URL_LENGTH} characters"
        )
    return url


def _read(path: Path) -> ImageFile:
    try:
        if not path.is_file():
            problem = "is not a regular file" if path.exists() else "does not exist"
            raise PictureError(f"{str(path)!r} {problem}; pass a URL, the path of a picture, or its bytes")
        with path.open("rb") as file:
            content = file.read(IMAGE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise PictureError(f"cannot read {str(path)!r}: {getattr(error, 'strerror', None) or error}") from None
    return _checked(repr(str(path)), path.stem, content)._replace(path=path)


def _checked(label: str, stem: str, content: bytes) -> ImageFile:
    if len(content) > IMAGE_BYTES:
        raise PictureError(f"{label}: more than {IMAGE_BYTES // 1024**2} MB, the vendor's limit; use a smaller picture")
    for name, (offset, signature) in _SIGNATURES.items():
        if content.startswith(signature, offset):
            safe = re.sub(r"[^A-Za-z0-9_-]+", "-", stem)[:64].strip("-") or "picture"
            return ImageFile(f"{safe}.{name.lower()}", content, f"image/{name.lower()}")
    raise PictureError(f"{label}: empty, or not in a format that the vendor accepts ({', '.join(IMAGE_FORMATS)})")
