"""Parts of requests that several cases share: headers, JSON bodies, upload forms and small pictures."""

from __future__ import annotations

from base64 import b64decode
from binascii import crc32
from struct import pack
from typing import TYPE_CHECKING, Any
from zlib import compress

import msgspec

from emoji_mock.conformance.cases.placeholders import KEY, PICTURE
from emoji_mock.contract.documents.motions import DRIVEN_IDS
from emoji_mock.contract.endpoint import ASYNC_HEADER, MEDIA_TYPE, RESOLVE_HEADER, VIDEO_MODEL
from emoji_mock.contract.models import emoji
from emoji_mock.fake.rules.magic_urls import HOST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emoji_mock.contract.exchange import Headers
    from emoji_mock.contract.geometry import Size
    from emoji_mock.contract.model import DetectionModel

AUTHORIZATION = ("authorization", f"Bearer {KEY}")
JSON_CONTENT = ("content-type", MEDIA_TYPE)
ASYNC, RESOLVE = (ASYNC_HEADER, "enable"), (RESOLVE_HEADER, "enable")
VIDEO_HEADERS: Headers = (AUTHORIZATION, JSON_CONTENT, ASYNC)
"""The headers of a valid request for a video."""

PORTRAIT_URL = f"https://{HOST}/portrait.png"
"""A picture that the fake accepts. No service can fetch it (RFC 6761), so no service can bill it or animate it."""
VIDEO_INPUT: dict[str, Any] = {
    "image_url": PORTRAIT_URL,
    "driven_id": DRIVEN_IDS[0],
    "face_bbox": [212, 194, 460, 441],
    "ext_bbox": [63, 30, 609, 575],
}
"""The `input` of a valid request for a video."""

LOSSLESS_WEBP = b64decode("UklGRiYAAABXRUJQVlA4TBoAAAAvj8FjAAcQEf0PACjS//8U0f/U//73v/9FBA==")
"""A black WEBP picture of 400x400 pixels."""
FORM_BOUNDARY = "a-part-of-the-form"


def detection_body(image_url: object = PICTURE, *, without: tuple[str, ...] = (), **changes: object) -> bytes:
    """Return the body of a valid detection by emoji-detect-v1, changed as by `body_for`."""
    return body_for(emoji.DETECT, image_url, without=without, **changes)


def body_for(
    model: DetectionModel, /, image_url: object = PICTURE, *, without: tuple[str, ...] = (), **changes: object
) -> bytes:
    """Return the body of a valid detection by `model`, with some top-level keys changed and others left out."""
    parameters = {"parameters": {"ratio": model.ratios[0]}} if model.ratios else {}
    document = {"model": model.name, "input": {"image_url": image_url}, **parameters, **changes}
    return msgspec.json.encode({name: value for name, value in document.items() if name not in without})


def video_body(**changes: object) -> bytes:
    """Return the body of a valid request for a video with some keys of its `input` changed; None leaves one out."""
    given = {name: value for name, value in {**VIDEO_INPUT, **changes}.items() if value is not None}
    return msgspec.json.encode({"model": VIDEO_MODEL, "input": given})


def upload_form(
    fields: Mapping[str, str], file: bytes | None, filename: str = "me.png", boundary: str = FORM_BOUNDARY
) -> bytes:
    """Return a multipart form as the official SDK sends it: the fields in order, then the file."""
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if file is not None:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n\r\n'
        parts.append(head.encode() + file + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode()


def black_png(size: Size) -> bytes:
    """Return a black PNG picture, one bit a pixel. Needs no imaging library."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", crc32(kind + data))

    rows = compress(bytes(size.height * (1 + (size.width + 7) // 8)))
    head = pack(">IIBBBBB", *size, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
