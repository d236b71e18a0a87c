"""Parse any response: JSON of some shape, an error in JSON or XML, or neither."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any, NamedTuple, TypeVar

import msgspec

from emoji_mock.client.errors import BILLING_UNKNOWN, EmojiError, RequestError, ServiceError, UnreadableAnswerError
from emoji_mock.client.parse.error_table import error_class, hint_for, is_retryable_status
from emoji_mock.contract.documents.detection import Usage  # noqa: TC001
from emoji_mock.contract.exchange import Response  # noqa: TC001 - a named tuple evaluates the types of its fields

T = TypeVar("T")
MAX_TEXT_LENGTH = 2000
"""Longer codes, messages and ids of the vendor are cut."""

_OK = 200


class VendorError(NamedTuple):
    """The fields of an error response; a missing one is empty."""

    code: str
    message: str
    request_id: str


class _ErrorDocument(msgspec.Struct):
    code: Any = None
    message: Any = None
    request_id: Any = None


class _Bill(msgspec.Struct):
    usage: Usage


class ParsedAnswer(NamedTuple):
    """A response, the time of day of its arrival in seconds since the epoch, and the model that was asked for."""

    response: Response
    now: float
    model: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether the status is 200."""
        return self.response.status == _OK

    @property
    def error_billed(self) -> bool | None:
        """Whether an error with this status was billed: errors are not; None, unknown, after 2xx (RFC 9110)."""
        return None if 200 <= self.response.status < 300 else False  # noqa: PLR2004

    def decode(self, kind: type[T]) -> T | None:
        """Return the body if it is JSON of that shape."""
        try:
            return msgspec.json.decode(self.response.body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None

    def vendor_error(self) -> VendorError:
        """Return the fields of an error. A field of a wrong type is empty and does not affect the others."""
        found = self.decode(_ErrorDocument) or _ErrorDocument()
        return VendorError(to_text(found.code), to_text(found.message), to_text(found.request_id))

    def request_id(self) -> str:
        """Return the request id of the body, or else of the header."""
        return self.vendor_error().request_id or to_text(self.header("x-request-id"))

    def billed_images(self) -> int:
        """Return the number of billed images according to `usage`."""
        bill = self.decode(_Bill)
        return max(0, bill.usage.image_count) if bill else 0

    def header(self, name: str) -> str:
        """Return the value of a header, or an empty string; `name` is in lower case."""
        return next((value.strip() for each, value in self.response.headers if each.lower() == name), "")

    def error(self, *, billed: bool | None) -> EmojiError:
        """Return the exception for an error in the vendor's JSON, or else for the status.

        The vendor says that errors are free. An error whose `usage` says otherwise counts as billed, so it is not
        retried.
        """
        status = self.response.status
        code, message, _ = self.vendor_error()
        if self.is_ok and not code:
            return self.unreadable("not JSON of the expected shape", billed=billed)
        billed = True if self.billed_images() else billed
        return error_class(code, status)(
            message or f"no error message of the vendor, but {self._excerpt()}",
            code=code,
            status=status,
            request_id=self.request_id(),
            billed=billed,
            retryable=is_retryable_status(status) and not billed,
            retry_after=self._retry_after(),
            hint=hint_for(code, status, message, self.model),
        )

    def xml_error(self, default_message: str, hint: str) -> EmojiError:
        """Return the exception for an error in the storage's XML, or else with `default_message`."""
        text = self.response.body.decode(errors="replace")
        code, message, request_id = (
            to_text(unescape(found[1].strip())) if (found := re.search(f"<{tag}>([^<]*)</{tag}>", text)) else ""
            for tag in ("Code", "Message", "RequestId")
        )
        retryable = is_retryable_status(self.response.status)
        return (ServiceError if retryable else RequestError)(
            message or default_message,
            code=code,
            status=self.response.status,
            request_id=request_id,
            retryable=retryable,
            retry_after=self._retry_after(),
            hint=hint,
        )

    def unreadable(self, reason: str, *, billed: bool | None = None, retryable: bool = False) -> UnreadableAnswerError:
        """Return the exception for a response that is not of the requested kind."""
        return UnreadableAnswerError(
            f"cannot read the response ({reason}): {self._excerpt()}",
            status=self.response.status,
            request_id=self.request_id(),
            billed=billed,
            retryable=retryable,
            hint=BILLING_UNKNOWN if billed is None else "",
        )

    def _retry_after(self) -> float | None:
        """Return the seconds of the Retry-After header, given as digits or as a date (RFC 9110, 10.2.3)."""
        text = self.header("retry-after")
        if text.isascii() and text.isdecimal():
            return float(text[:9])
        try:
            return max(0.0, parsedate_to_datetime(text).timestamp() - self.now)
        except (ValueError, OverflowError, TypeError, IndexError):
            return None

    def _excerpt(self) -> str:
        body = self.response.body[:200].decode(errors="replace")
        return f"{body!r}" if body else "an empty body"


def to_text(value: object) -> str:
    """Return a string or number of the vendor as text of limited length, anything else as an empty string."""
    is_text = isinstance(value, str | int | float) and not isinstance(value, bool)
    return str(value)[:MAX_TEXT_LENGTH] if is_text else ""
