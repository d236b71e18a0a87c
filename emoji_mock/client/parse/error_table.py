"""Whose fault an error is, by the vendor's code: the one table, and what is done with codes that nobody knows."""

from __future__ import annotations

from emoji_mock.client.errors import (
    ApiKeyError,
    BillingError,
    EmojiError,
    PictureError,
    RequestError,
    ServiceError,
    ThrottledError,
    UnreadableAnswerError,
)
from emoji_mock.contract.endpoint import HOME, MODEL
from emoji_mock.contract.rows import gateway

# A code belongs to its longest beginning here, counted in dotted parts: `Throttling.RateQuota` to `Throttling`.
_BEGINNINGS: dict[type[EmojiError], tuple[str, ...]] = {
    ApiKeyError: ("InvalidApiKey", "AccessDenied", "Model.AccessDenied", "Workspace.AccessDenied"),
    BillingError: ("Arrearage", "AccessDenied.Unpurchased", "AllocationQuota"),
    RequestError: ("InvalidParameter", "BadRequest", "UnsupportedOperation"),
    PictureError: ("InvalidURL", "InvalidParameter.DataInspection", "DataInspectionFailed", "InvalidFile"),
    ThrottledError: ("Throttling",),
    ServiceError: ("InternalError", "SystemError", "RequestTimeOut", "ModelServingError", "ModelUnavailable"),
}
ERROR_CLASSES = {beginning: kind for kind, beginnings in _BEGINNINGS.items() for beginning in beginnings}
"""The class of error for each beginning of a code."""

_BY_STATUS: dict[int, type[EmojiError]] = {
    401: ApiKeyError,
    402: BillingError,
    403: ApiKeyError,
    407: ApiKeyError,
    429: ThrottledError,
}

_RETIRED = f"The model {MODEL} may be retired (announced for 2026-10-10, unconfirmed), or not open to this account."
_HINTS = (
    (gateway.ACCESS_DENIED, _RETIRED),
    (gateway.UNKNOWN_MODEL, _RETIRED),
    (gateway.INVALID_KEY, f"A key of another region than Beijing ({HOME}) is answered like a bad one."),
    (gateway.NOT_FOUND, "Nothing is served at this path: is the base URL the vendor's, or an emoji-mock's?"),
)


def kind_of(code: str, status: int) -> type[EmojiError]:
    """Return the class of error for `code`, or for `status` where the code says nothing."""
    beginning = code
    while beginning:
        if beginning in ERROR_CLASSES:
            return ERROR_CLASSES[beginning]
        beginning = beginning.rpartition(".")[0]
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if 400 <= status < 500:  # noqa: PLR2004 - RFC 9110: the client's errors
        return RequestError
    return ServiceError if is_server_error(status) else UnreadableAnswerError


def is_server_error(status: int) -> bool:
    """Say whether `status` is one of the server's errors (RFC 9110)."""
    return 500 <= status < 600  # noqa: PLR2004


def is_free_to_repeat(status: int) -> bool:
    """Say whether an answer with `status` is not billed, and may be another one next time."""
    return status == gateway.THROTTLED.status or is_server_error(status)


def hint_for(code: str, status: int, message: str) -> str:
    """Return what helps with this very answer, if we know."""
    for row, hint in _HINTS:
        if (row.code or "", row.status) == (code, status) and message.startswith(row.message):
            return hint
    return ""
