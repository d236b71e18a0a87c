"""What any answer may be, whatever was asked: JSON of some shape, a refusal in JSON or XML, or nonsense."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any, NamedTuple, TypeVar

import msgspec

from emoji_mock.client.errors import PERHAPS_BILLED, EmojiError, RequestError, ServiceError, UnreadableAnswerError
from emoji_mock.client.parse.error_table import hint_for, is_free_to_repeat, kind_of
from emoji_mock.contract.exchange import Response  # noqa: TC001 - a named tuple knows the types of its fields
from emoji_mock.contract.models.detection import Usage  # noqa: TC001

T = TypeVar("T")
LONGEST_TEXT = 2000
"""How much of the vendor's words is kept."""

_OK = 200


class Words(NamedTuple):
    """The vendor's words for what went wrong, as much of them as there are."""

    code: str
    message: str
    request_id: str


class _Said(msgspec.Struct):
    code: Any = None
    message: Any = None
    request_id: Any = None


class _Bill(msgspec.Struct):
    usage: Usage


class Answer(NamedTuple):
    """A response, and the time of day when it came."""

    response: Response
    now: float

    @property
    def is_ok(self) -> bool:
        """Whether it says that all went well."""
        return self.response.status == _OK

    def decode(self, kind: type[T]) -> T | None:
        """Return what it holds, if it is JSON of that shape."""
        try:
            return msgspec.json.decode(self.response.body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None

    def words(self) -> Words:
        """Return the vendor's words; one that is neither text nor a number is none, and spoils no other."""
        said = self.decode(_Said) or _Said()
        return Words(short(said.code), short(said.message), short(said.request_id))

    def request_id(self) -> str:
        """Return the request id: that of the body, or else that of the header."""
        return self.words().request_id or short(self.header("x-request-id"))

    def images(self) -> int:
        """Return how many images it says that it is billed for."""
        bill = self.decode(_Bill)
        return max(0, bill.usage.image_count) if bill else 0

    def header(self, name: str) -> str:
        """Return the value of a header, or nothing; `name` is in lower case."""
        return next((value.strip() for each, value in self.response.headers if each.lower() == name), "")

    def refusal(self, *, billed: bool | None) -> EmojiError:
        """Return the error that it tells of in the vendor's JSON, or that its status stands for.

        Errors are free, says the vendor: one that says that it was billed is believed, and is not asked for again.
        """
        status = self.response.status
        code, message, _ = self.words()
        if self.is_ok and not code:
            return self.unreadable("no JSON of the expected shape", billed=billed)
        billed = True if self.images() else billed
        return kind_of(code, status)(
            message or f"no words of the vendor's, but {self._excerpt()}",
            code=code,
            status=status,
            request_id=self.request_id(),
            billed=billed,
            retryable=is_free_to_repeat(status) and not billed,
            retry_after=self._retry_after(),
            hint=hint_for(code, status, message),
        )

    def refusal_in_xml(self, otherwise: str, hint: str) -> EmojiError:
        """Return the error that it tells of in the storage's XML, or else in the words of `otherwise`."""
        text = self.response.body.decode(errors="replace")
        code, message, request_id = (
            short(unescape(found[1].strip())) if (found := re.search(f"<{tag}>([^<]*)</{tag}>", text)) else ""
            for tag in ("Code", "Message", "RequestId")
        )
        retryable = is_free_to_repeat(self.response.status)
        return (ServiceError if retryable else RequestError)(
            message or otherwise,
            code=code,
            status=self.response.status,
            request_id=request_id,
            retryable=retryable,
            retry_after=self._retry_after(),
            hint=hint,
        )

    def unreadable(self, what: str, *, billed: bool | None = None, retryable: bool = False) -> UnreadableAnswerError:
        """Return the error of an answer that is no such thing as was asked for."""
        return UnreadableAnswerError(
            f"the answer is unreadable ({what}): {self._excerpt()}",
            status=self.response.status,
            request_id=self.request_id(),
            billed=billed,
            retryable=retryable,
            hint=PERHAPS_BILLED if billed is None else "",
        )

    def _retry_after(self) -> float | None:
        """Return the seconds that the server wants us to wait (RFC 9110, 10.2.3), in digits or as a date."""
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


def short(told: object) -> str:
    """Return as much of the vendor's words as is kept; numbers are words as well, and anything else is none."""
    is_said = isinstance(told, str | int | float) and not isinstance(told, bool)
    return str(told)[:LONGEST_TEXT] if is_said else ""
