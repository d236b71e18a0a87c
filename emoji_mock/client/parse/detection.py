"""Parse the responses of a detection and its upload: any bytes become a result or one of the client's exceptions."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import msgspec

from emoji_mock.client.base_url import is_confidential
from emoji_mock.client.parse.answer import ParsedAnswer, to_text
from emoji_mock.client.results import Failed, Passed, Result
from emoji_mock.contract.documents.detection import Usage  # noqa: TC001
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.contract.row import Outcome
from emoji_mock.contract.rows import ROWS, storage

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Response

_ANY_SIZE = Size(sys.maxsize, sys.maxsize)
_FAILURE_CODES = {row.code for row in ROWS if row.outcome is Outcome.FAILED}


class _Output(msgspec.Struct):
    bbox_face: Box | None = None
    ext_bbox_face: Box | None = None
    code: str | int | None = None
    message: str | None = None


class _Document(msgspec.Struct):
    output: _Output | None = None
    usage: Usage | None = None


class UploadGrant(msgspec.Struct, frozen=True):
    """The vendor's permission to upload one file; fields that a fake or proxy leaves out have defaults."""

    policy: str
    signature: str
    upload_dir: str
    upload_host: str
    oss_access_key_id: str
    x_oss_object_acl: str = "private"
    x_oss_forbid_overwrite: str = "true"


class _GrantDocument(msgspec.Struct):
    data: UploadGrant


def parse_result(response: Response, now: float) -> Result:
    """Return the result of a detection. Raises EmojiError."""
    answer = ParsedAnswer(response, now)
    document = answer.decode(_Document) if answer.is_ok else None
    if document is None or document.output is None:
        return _failed_as_error(answer)
    output, request_id = document.output, answer.request_id()
    images = 1 if document.usage is None else document.usage.image_count  # the vendor bills both outcomes
    face, ext = output.bbox_face, output.ext_bbox_face
    if output.code and face is None and ext is None:
        return Failed(to_text(output.code), to_text(output.message), request_id, images)
    if not output.code and face is not None and ext is not None and face.within(_ANY_SIZE) and ext.within(_ANY_SIZE):
        return Passed(face, ext, request_id, images)
    raise answer.unreadable("neither two valid boxes nor the code of a failed detection")


def parse_grant(response: Response, now: float) -> UploadGrant:
    """Return the permission to upload. Raises EmojiError."""
    answer = ParsedAnswer(response, now)
    document = answer.decode(_GrantDocument) if answer.is_ok else None
    if document is None:
        raise answer.error(billed=False)
    if not is_confidential(document.data.upload_host):
        raise answer.unreadable("upload_host is neither https nor on this machine", billed=False)
    return document.data


def check_stored(response: Response, now: float) -> None:
    """Check that a file was uploaded. Raises EmojiError."""
    answer = ParsedAnswer(response, now)
    if answer.is_ok:
        return
    error = answer.xml_error("the picture could not be uploaded", "The upload was refused; nothing else was sent.")
    # Each grant has a folder of its own, so an existing file is this one, stored by an attempt whose response was lost.
    if error.code != storage.EXISTS.code:
        raise error


def _failed_as_error(answer: ParsedAnswer) -> Failed:
    """Return a failed detection that was sent as an error response. Raises EmojiError for any other error."""
    status, error = answer.response.status, answer.vendor_error()
    if error.code in _FAILURE_CODES and not answer.is_ok:
        # One of the vendor's pages gives the codes of a failed detection HTTP 400 (docs/contract.md).
        return Failed(error.code, error.message, answer.request_id(), answer.billed_images(), status)
    raise answer.error(billed=answer.error_billed)
