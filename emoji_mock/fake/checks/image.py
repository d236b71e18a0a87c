"""Inspect the picture that a request names: its bytes where the fake holds them, its size and its face."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from emoji_mock.contract.catalogue import find
from emoji_mock.contract.endpoint import IMAGE_SIDES, RESOLVE_HEADER
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.contract.rows import failed, service
from emoji_mock.fake.checks import boxes
from emoji_mock.fake.refusal import Refused

if TYPE_CHECKING:
    from emoji_mock.fake.context import Decision, RequestContext

PROVOKES = {
    failed.RESOLUTION: "a `data:` picture with such a side, or https://emoji-mock.test/passed/320x320.png",
    service.BAD_URL: "an image_url that is no URL, or a `data:` picture of another format",
    service.CANNOT_DOWNLOAD: "an oss:// URL that nothing was uploaded to",
    service.BAD_MEDIA: "an oss:// URL without X-DashScope-OssResourceResolve: enable",
    service.CANNOT_DECODE: "a broken `data:` picture",
}
"""Which request gets a row from these checks."""

_LOCATED = re.compile(r"//[^/?#\s\x00-\x20\x7f][^\s\x00-\x20\x7f]*")  # RFC 3986: neither blanks nor control characters
_ESCAPES = 100_000  # percent signs in a `data:` URL; more would cost hundreds of megabytes to undo


def inspect_image(context: RequestContext, decision: Decision) -> None:
    """Inspect the picture as far as the fake holds it. Raises Refused for one that the vendor would not take."""
    if decision.passes:
        return
    scheme, mark, rest = decision.image_url.partition(":")
    scheme = scheme.lower()
    if scheme == "data" and mark:
        decision.size = _inspect_data_url(context, decision.image_url)
    elif scheme == "oss" and rest.startswith("//"):
        if not context.head.enables(RESOLVE_HEADER):
            raise Refused(service.BAD_MEDIA)
        decision.size, decision.face = _inspect_upload(context, decision)
    elif scheme not in ("http", "https") or not _LOCATED.fullmatch(rest):
        raise Refused(service.BAD_URL)


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


def _inspect_data_url(context: RequestContext, image_url: str) -> Size:
    inspected = context.media.inspect(decode_data_url(image_url))
    if not isinstance(inspected, Size):
        raise Refused(inspected)
    return inspected


def check_sides(size: Size) -> Size:
    """Return `size` if the vendor takes such a picture. Raises Refused with InvalidFile.Resolution."""
    shortest, longest = IMAGE_SIDES
    if min(size) < shortest or max(size) > longest:
        raise Refused(failed.RESOLUTION)
    return size


def uploaded_file(context: RequestContext, image_url: str) -> bytes:
    """Return the file that an `oss://` URL names, or nothing if none is kept."""
    scheme, mark, key = image_url.partition("://")
    upload = context.store.upload(key) if mark and scheme.lower() == "oss" else None
    return b"" if upload is None else upload.data


def _inspect_upload(context: RequestContext, decision: Decision) -> tuple[Size, Box]:
    upload = context.store.upload(decision.image_url.partition("://")[2])
    if upload is None or upload.until <= context.at or upload.model != decision.model:
        raise Refused(service.CANNOT_DOWNLOAD)  # inferred
    if upload.size is None:
        raise Refused(find(upload.flaw))
    # The key differs from upload to upload; the same picture shall have the same face.
    mark = blake2b(upload.data, digest_size=16).hexdigest()
    return upload.size, boxes.boxes_for(mark, context.options.seed or 0, upload.size).bbox_face
