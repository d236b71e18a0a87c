"""Read the files that a caller gives: URLs, paths or bytes. What is wrong with one is reported before a request."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from emoji_mock.client.errors import PictureError, RequestError
from emoji_mock.client.image_ref import ImageFile, ImageRef, ImageSource, image_digest
from emoji_mock.client.plan.signatures import MEDIA_TYPES, format_of
from emoji_mock.contract.endpoint import IMAGE_BYTES, IMAGE_FORMATS
from emoji_mock.contract.model import TaskModel
from emoji_mock.contract.models import MODELS

if TYPE_CHECKING:
    from emoji_mock.contract.model import Model

MediaKind: TypeAlias = Literal["audio", "video"]

_SCHEME = re.compile(r"(?:(?=data:)|(?=[a-z0-9+.-]+://))([a-z0-9+.-]+):", re.IGNORECASE)
_URL_SCHEMES = {"http", "https", "oss"}
_MAX_URL_LENGTH = 8192
_IMAGE_FIELDS = {"image_url", "ref_image_url"}
_MEGABYTE = 1024 * 1024
# For a model whose limits the vendor does not state (https://help.aliyun.com/zh/model-studio/get-temporary-file-url).
_CONTAINERS = {"audio": ("wav", "mp3"), "video": ("mp4", "avi", "mov")}
_MOST_BYTES = 200 * _MEGABYTE


class _Accepted(NamedTuple):
    """The files that a model takes in one place of a request: formats, and the most bytes."""

    what: str
    formats: tuple[str, ...]
    longest: int


def load_image(image: ImageSource, model: str) -> str | ImageFile:
    """Return `image` if it is a URL, else the picture to upload for `model`. Raises PictureError or RequestError."""
    return _load(image, "image", [_pictures(MODELS[model])])


def load_media(source: ImageSource, model: str, kind: MediaKind) -> str | ImageFile:
    """Return `source` if it is a URL, else the audio or video to upload. Raises PictureError or RequestError."""
    return _load(source, kind, [_media(MODELS[model], kind)])


def load_file(source: ImageSource, model: str) -> str | ImageFile:
    """Return `source` if it is a URL, else the file of any kind to upload for `model`.

    Raises PictureError or RequestError.
    """
    known = MODELS[model]
    kinds: tuple[MediaKind, ...] = ("audio", "video")
    fields = (*known.fields, *known.optional) if isinstance(known, TaskModel) else ("image_url",)
    accepted = [_pictures(known)] if _IMAGE_FIELDS.intersection(fields) else []
    return _load(source, "image", accepted + [_media(known, kind) for kind in kinds if f"{kind}_url" in fields])


def reload_image(ref: ImageRef | None, model: str) -> str | ImageFile:
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
        _check("image bytes", ref.content, [_pictures(MODELS[model])])
        return ref
    file = load_image(ref.path, model)
    if isinstance(file, ImageFile) and image_digest(file.content) == ref.digest:
        return file
    raise PictureError(f"{str(ref.path)!r} has changed since its face was detected; call `detect` again")


def _pictures(model: Model) -> _Accepted:
    limits = model.pictures
    return _Accepted("picture", *(limits.formats, limits.longest) if limits else (IMAGE_FORMATS, IMAGE_BYTES))


def _media(model: Model, kind: MediaKind) -> _Accepted:
    limits = getattr(model, kind, None)
    return (
        _Accepted(kind, limits.containers, limits.longest)
        if limits
        else _Accepted(kind, _CONTAINERS[kind], _MOST_BYTES)
    )


def _load(source: ImageSource, name: str, accepted: list[_Accepted]) -> str | ImageFile:
    longest = max((each.longest for each in accepted), default=0)
    if isinstance(source, bytes | bytearray | memoryview):
        label = f"{name} bytes"
        content = bytes(source[: longest + 1])
        return _file("picture" if name == "image" else name, content, _check(label, content, accepted))
    if isinstance(source, str) and (scheme := _SCHEME.match(source)):
        return _require_url(source, scheme[1].lower(), name)
    try:
        path = Path(source)
    except TypeError:
        raise RequestError(f"{name}: must be a URL, a path or bytes, not {type(source).__name__}") from None
    if source == "":
        raise RequestError(f"{name}: must be a URL, a path or bytes, not an empty text")
    content = _read(path, name, longest)
    return _file(path.stem, content, _check(repr(str(path)), content, accepted))._replace(path=path)


def _require_url(url: str, scheme: str, name: str) -> str:
    what = "picture" if name == "image" else name
    if scheme == "data":
        raise RequestError(f"the vendor accepts no `data:` URL; pass the {what}'s bytes or path to upload it")
    if scheme not in _URL_SCHEMES:
        raise RequestError(f"unknown URL scheme {scheme!r}; choose from http, https, oss, or pass a path")
    if len(url) > _MAX_URL_LENGTH or not url.isprintable() or " " in url:
        raise RequestError(
            f"the URL must have no blanks and control characters, and at most {_MAX_URL_LENGTH} characters"
        )
    return url


def _read(path: Path, name: str, longest: int) -> bytes:
    what = {"image": "a picture", "audio": "an audio file", "video": "a video"}[name]
    try:
        if not path.is_file():
            problem = "is not a regular file" if path.exists() else "does not exist"
            raise PictureError(f"{str(path)!r} {problem}; pass a URL, the path of {what}, or its bytes")
        with path.open("rb") as file:
            return file.read(longest + 1)
    except (OSError, ValueError) as error:
        raise PictureError(f"cannot read {str(path)!r}: {getattr(error, 'strerror', None) or error}") from None


def _check(label: str, content: bytes, accepted: list[_Accepted]) -> str:
    """Return the format of a file that one of the places accepts. Raises PictureError."""
    found = format_of(content)
    place = next((each for each in accepted if found in each.formats), None)
    nearest = place or max(accepted, key=lambda each: each.longest)
    if len(content) > nearest.longest:
        raise PictureError(f"{label}: {_too_long(nearest.longest)}, the vendor's limit; use a smaller {nearest.what}")
    if place is None:
        formats = ", ".join(name for each in accepted for name in each.formats)
        raise PictureError(f"{label}: empty, or not in a format that the vendor accepts ({formats})")
    return found


def _too_long(longest: int) -> str:
    """Return what is wrong with a longer file; the vendor states some limits as exclusive, in whole megabytes."""
    if (longest + 1) % _MEGABYTE == 0:
        return f"{(longest + 1) // _MEGABYTE} MB or more"
    return f"more than {longest // _MEGABYTE} MB"


def _file(stem: str, content: bytes, found: str) -> ImageFile:
    safe = re.sub(r"[^A-Za-z0-9_-]+", "-", stem)[:64].strip("-") or "picture"
    return ImageFile(f"{safe}.{found.lower()}", content, MEDIA_TYPES[found])
