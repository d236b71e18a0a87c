"""The table from the vendor's error codes to exception classes, the fallback for unknown codes, and hints."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from emoji_mock.contract.endpoint import HOME
from emoji_mock.contract.models import MODELS
from emoji_mock.contract.rows import gateway

if TYPE_CHECKING:
    from emoji_mock.contract.model import Model
    from emoji_mock.contract.row import Row

# The longest prefix of whole dotted parts decides: `Throttling.RateQuota` is found as `Throttling`.
_PREFIXES: dict[type[EmojiError], tuple[str, ...]] = {
    ApiKeyError: ("InvalidApiKey", "AccessDenied", "Model.AccessDenied", "Workspace.AccessDenied"),
    BillingError: ("Arrearage", "AccessDenied.Unpurchased", "AllocationQuota"),
    RequestError: ("InvalidParameter", "InvalidParamter", "BadRequest", "UnsupportedOperation", "InvalidFile.Template"),
    PictureError: (
        "InvalidURL",
        "InvalidParameter.DataInspection",
        "DataInspectionFailed",
        "InvalidFile",
        "InvalidImage",
        "InvalidParameter.UnsupportedFileFormat",
        "InvalidParameter.InputDownloadFailed",
    ),
    ThrottledError: ("Throttling",),
    ServiceError: ("InternalError", "SystemError", "RequestTimeOut", "ModelServingError", "ModelUnavailable"),
}
ERROR_CLASSES = {prefix: kind for kind, prefixes in _PREFIXES.items() for prefix in prefixes}
"""Code prefix -> exception class."""

_BY_STATUS: dict[int, type[EmojiError]] = {
    401: ApiKeyError,
    402: BillingError,
    403: ApiKeyError,
    407: ApiKeyError,
    429: ThrottledError,
}

_NO_ACCESS = (gateway.ACCESS_DENIED, gateway.UNKNOWN_MODEL)
_HINTS = (
    (gateway.INVALID_KEY, f"A key of another region than Beijing ({HOME}) is rejected as invalid."),
    (
        gateway.NOT_FOUND,
        "Nothing is served at this path: check that the base URL is the vendor's or an emoji-mock server's.",
    ),
)


def error_class(code: str, status: int) -> type[EmojiError]:
    """Return the exception class for `code`, or for `status` if the code is unknown."""
    prefix = code
    while prefix:
        if prefix in ERROR_CLASSES:
            return ERROR_CLASSES[prefix]
        prefix = prefix.rpartition(".")[0]
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if 400 <= status < 500:  # noqa: PLR2004 - RFC 9110: the client's errors
        return RequestError
    return ServiceError if is_server_error(status) else UnreadableAnswerError


def is_server_error(status: int) -> bool:
    """Return whether `status` is a server error (RFC 9110)."""
    return 500 <= status < 600  # noqa: PLR2004


def is_retryable_status(status: int) -> bool:
    """Return whether a request that got `status` was not billed and may succeed when it is sent again."""
    return status == gateway.THROTTLED.status or is_server_error(status)


def hint_for(code: str, status: int, message: str, model: str = "") -> str:
    """Return advice for this error of a call for `model`, or an empty string."""
    for row in _NO_ACCESS:
        if model in MODELS and _is(row, code, status, message):
            return _access_hint(MODELS[model])
    return next((hint for row, hint in _HINTS if _is(row, code, status, message)), "")


def _is(row: Row, code: str, status: int, message: str) -> bool:
    return (row.code or "", row.status) == (code, status) and message.startswith(row.message)


def _access_hint(model: Model) -> str:
    """Return why `model` may not answer: the vendor's announcement that it retires, if there is one."""
    account = f"this account or key has no access to {model.name}"
    if model.retirement is None:
        return f"Probably {account}: no retirement of the model is announced."
    day, successor = model.retirement.at.date(), model.retirement.successor
    return (
        f"The vendor announced that {model.name} is retired from {day} on, and names {successor} as its successor."
        f" Before that day, {account}."
    )
