"""What an answer says: the pure half after the I/O. Whatever the bytes, it is a result or one of our errors."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import msgspec

from emoji_mock.client.api_keys import is_private
from emoji_mock.client.parse.answer import Answer, short
from emoji_mock.client.results import Failed, Passed, Result
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.contract.models.detection import Usage  # noqa: TC001
from emoji_mock.contract.row import Outcome
from emoji_mock.contract.rows import ROWS, storage

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Response

_ANY_SIZE = Size(sys.maxsize, sys.maxsize)
_REASONS = {row.code for row in ROWS if row.outcome is Outcome.FAILED}


class _Output(msgspec.Struct):
    bbox_face: Box | None = None
    ext_bbox_face: Box | None = None
    code: str | int | None = None
    message: str | None = None


class _Detected(msgspec.Struct):
    output: _Output | None = None
    usage: Usage | None = None


class Policy(msgspec.Struct, frozen=True):
    """The vendor's leave to upload one file."""

    policy: str
    signature: str
    upload_dir: str
    upload_host: str
    oss_access_key_id: str
    x_oss_object_acl: str = "private"
    x_oss_forbid_overwrite: str = "true"


class _Policies(msgspec.Struct):
    data: Policy


def result(response: Response, now: float) -> Result:
    """Return the result that `response` brings. Raises EmojiError."""
    answer = Answer(response, now)
    told = answer.decode(_Detected) if answer.is_ok else None
    if told is None or told.output is None:
        return _refused(answer)
    output, request_id = told.output, answer.request_id()
    images = 1 if told.usage is None else told.usage.image_count  # both outcomes are billed, says the vendor
    face, ext = output.bbox_face, output.ext_bbox_face
    if output.code and face is None and ext is None:
        return Failed(short(output.code), short(output.message), request_id, images)
    if not output.code and face is not None and ext is not None and face.within(_ANY_SIZE) and ext.within(_ANY_SIZE):
        return Passed(face, ext, request_id, images)
    raise answer.unreadable("neither two proper boxes nor the code of a failed detection")


def policy(response: Response, now: float) -> Policy:
    """Return the leave to upload that `response` brings. Raises EmojiError."""
    answer = Answer(response, now)
    found = answer.decode(_Policies) if answer.is_ok else None
    if found is None:
        raise answer.refusal(billed=False)
    if not is_private(found.data.upload_host):
        raise answer.unreadable("an upload_host that is neither https nor on this machine", billed=False)
    return found.data


def stored(response: Response, now: float) -> None:
    """Make sure that the file was stored. Raises EmojiError."""
    answer = Answer(response, now)
    if answer.is_ok:
        return
    error = answer.refusal_in_xml(
        "the picture could not be uploaded", "The upload was refused; the detection was not asked for."
    )
    if error.code != storage.EXISTS.code:  # the folder is ours alone, so it is the same file, whose answer was lost
        raise error


def _refused(answer: Answer) -> Failed:
    status, words = answer.response.status, answer.words()
    if words.code in _REASONS and not answer.is_ok:
        # One of the vendor's pages gives the reasons of a failed detection HTTP 400 (docs/contract.md).
        return Failed(words.code, words.message, answer.request_id(), answer.images(), status)
    # Errors are free, says the vendor; what looks like a success and is none may have been billed (RFC 9110: 2xx).
    raise answer.refusal(billed=None if 200 <= status < 300 else False)  # noqa: PLR2004
