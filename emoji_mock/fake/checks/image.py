"""The picture that a request names: its bytes where the fake holds them, its size and its face."""

from __future__ import annotations

import binascii
from base64 import b64decode
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from emoji_mock.contract.catalogue import find
from emoji_mock.contract.endpoint import IMAGE_SIDES
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.contract.rows import failed, service
from emoji_mock.fake.checks import boxes
from emoji_mock.fake.refusal import Refused

if TYPE_CHECKING:
    from emoji_mock.fake.context import RequestContext

_ESCAPES = 100_000  # percent signs in a `data:` URL; more would cost hundreds of megabytes to undo


def decode_data_url(image_url: str) -> bytes:
    """Return the bytes of a `data:` URL (RFC 2397). Raises Refused with InvalidURL if it is malformed."""
    head, comma, payload = image_url.partition(",")
    if not comma:
        raise Refused(service.BAD_URL)
    if payload.count("%") > _ESCAPES:
        raise Refused(service.BAD_URL)
    data = unquote_to_bytes(payload) if "%" in payload else payload.encode()
    if not head.rstrip().lower().endswith(";base64"):
        return data
    try:
        return b64decode(data, validate=True)
    except binascii.Error:
        raise Refused(service.BAD_URL) from None


def inspect_data_url(call: RequestContext) -> Size:
    """Return the size of the picture in a `data:` URL. Raises Refused."""
    inspected = call.media.inspect(decode_data_url(call.image_url))
    if not isinstance(inspected, Size):
        raise Refused(inspected)
    return inspected


def check_sides(size: Size) -> Size:
    """Return `size` if the vendor takes such a picture. Raises Refused with InvalidFile.Resolution."""
    shortest, longest = IMAGE_SIDES
    if min(size) < shortest or max(size) > longest:
        raise Refused(failed.RESOLUTION)
    return size


def uploaded_file(call: RequestContext) -> bytes:
    """Return the file that an `oss://` URL names, or nothing if none is kept."""
    scheme, mark, key = call.image_url.partition("://")
    upload = call.store.upload(key) if mark and scheme.lower() == "oss" else None
    return b"" if upload is None else upload.data


def inspect_upload(call: RequestContext) -> tuple[Size, Box]:
    """Return the size of the uploaded picture that an `oss://` URL names, and the face in it. Raises Refused."""
    upload = call.store.upload(call.image_url.partition("://")[2])
    if upload is None or upload.until <= call.at or upload.model != call.model:
        raise Refused(service.CANNOT_DOWNLOAD)  # inferred
    if upload.size is None:
        raise Refused(find(upload.flaw))
    # The key differs from upload to upload; the same picture shall have the same face.
    mark = blake2b(upload.data, digest_size=16).hexdigest()
    return upload.size, boxes.boxes_for(mark, call.options.seed or 0, upload.size).bbox_face
