"""Uploaded pictures: what is kept of one, and what is seen in it."""

from hashlib import blake2b
from typing import TYPE_CHECKING

from msgspec import Struct

from emoji_mock.contract.catalogue import find
from emoji_mock.contract.endpoint import IMAGE_BYTES
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.contract.rows import service
from emoji_mock.fake.checks import boxes
from emoji_mock.fake.refusal import Refused
from emoji_mock.media import inspection

if TYPE_CHECKING:
    from emoji_mock.fake.context import RequestContext


class Upload(Struct, frozen=True, kw_only=True):
    """An uploaded file under its key: for one model, until its time is over.

    It is looked at when it comes in: `size` is that of a good picture, `flaw` the row that any other gets.
    """

    key: str
    model: str
    namespace: str
    until: float
    data: bytes
    size: Size | None
    flaw: str


def see(data: bytes) -> tuple[Size | None, str]:
    """Return the size of the picture in `data`, or the name of the row that it gets."""
    try:
        return inspection.inspect(data), ""
    except Refused as refused:
        return None, refused.row.name


def data_of(call: "RequestContext") -> bytes:
    """Return the file that `call` names by its key, if it is kept."""
    scheme, mark, key = call.image_url.partition("://")
    upload = call.store.upload(key) if mark and scheme.lower() == "oss" else None
    return b"" if upload is None else upload.data


def look(call: "RequestContext") -> tuple[Size, Box]:
    """Return the size of the picture that `call` names by its key, and the face in it. Raises Refused."""
    upload = call.store.upload(call.image_url.partition("://")[2])
    if upload is None or upload.until <= call.at or upload.model != call.model:
        raise Refused(service.CANNOT_DOWNLOAD)  # inferred
    if upload.size is None:
        raise Refused(find(upload.flaw))
    # The key differs from upload to upload; the same picture shall have the same face.
    mark = blake2b(upload.data, digest_size=16).hexdigest()
    return upload.size, boxes.boxes_for(mark, call.options.seed or 0, upload.size).bbox_face


def worth_keeping(data: bytes) -> bytes:
    """Return what is kept of a file: nothing of one that no model takes."""
    return data if len(data) <= IMAGE_BYTES else b""
