"""Parse the responses of a detection and its upload: any bytes become a result or one of the client's exceptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from emoji_mock.client.base_url import is_confidential
from emoji_mock.client.parse.answer import ParsedAnswer
from emoji_mock.client.parse.verdicts import Asked, Facts, Output, failure_codes, read_verdict
from emoji_mock.client.results import AnyResult, Failed
from emoji_mock.contract.documents.detection import Usage  # noqa: TC001
from emoji_mock.contract.rows import storage

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Response


class _Document(msgspec.Struct):
    output: Output | None = None
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


def parse_result(asked: Asked, response: Response, now: float) -> AnyResult:
    """Return the result of a detection. Raises EmojiError."""
    answer = ParsedAnswer(response, now, asked.model)
    document = answer.decode(_Document) if answer.is_ok else None
    if document is None or document.output is None:
        return _failed_as_error(answer, asked)
    images = 1 if document.usage is None else document.usage.image_count  # the vendor bills both outcomes
    result = read_verdict(asked, document.output, Facts(answer.request_id(), images))
    if result is None:
        raise answer.unreadable(f"not a verdict of {asked.model}: neither passed nor failed")
    return result


def parse_grant(model: str, response: Response, now: float) -> UploadGrant:
    """Return the permission to upload for `model`. Raises EmojiError."""
    answer = ParsedAnswer(response, now, model)
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


def _failed_as_error(answer: ParsedAnswer, asked: Asked) -> Failed:
    """Return a failed detection that was sent as an error response. Raises EmojiError for any other error."""
    status, error = answer.response.status, answer.vendor_error()
    if error.code in failure_codes(asked.model) and not answer.is_ok:
        # One of the vendor's pages gives the codes of a failed detection HTTP 400, and wan2.2-s2v-detect was observed
        # to answer so (docs/explanations/differences.md).
        return Failed(error.code, error.message, answer.request_id(), answer.billed_images(), status, model=asked.model)
    raise answer.error(billed=answer.error_billed)
