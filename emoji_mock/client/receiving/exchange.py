"""What is received of a response: its head, its body while it arrives, and what that says of the bill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from emoji_mock.client.errors import BILLING_UNKNOWN, TimedOutError, UnreadableAnswerError
from emoji_mock.client.receiving.codings import BodyDecoder, CodingError, TooLongError
from emoji_mock.contract.exchange import Response

if TYPE_CHECKING:
    from emoji_mock.client.api_keys import Key
    from emoji_mock.client.plan.steps import RequestStep
    from emoji_mock.client.retry import CallDeadline

_FIRST_ERROR = 400


class Exchange:
    """One exchange of a call: its response while it arrives, limited in bytes and in time."""

    def __init__(self, step: RequestStep[Any], key: Key, deadline: CallDeadline) -> None:
        self._step, self._key, self._deadline = step, key, deadline
        self._response: Any = None
        self._body: BodyDecoder | None = None
        self._is_readable = True

    @property
    def status(self) -> int:
        """The status of the response, or 0 before it begins."""
        return self._response.status_code if self._response is not None else 0

    def begin(self, response: Any) -> bool:  # noqa: ANN401 - the library's
        """Take the head of the response. Returns whether its body must be read as it is received.

        Otherwise the library has read it already, and undone its compression. Raises UnreadableAnswerError.
        """
        self._response = response
        raw = not response.is_stream_consumed
        coding = response.headers.get("content-encoding", "") if raw else ""
        try:
            self._body = BodyDecoder(coding, self._step.max_bytes)
        except CodingError as error:
            if self.status < _FIRST_ERROR:
                raise self._unreadable(f"cannot decode the response: {error}") from None
            # The status says enough; a proxy may compress its own pages.
            self._body, self._is_readable = BodyDecoder("", self._step.max_bytes), False
        return raw

    def skip_body(self, response: Any) -> None:  # noqa: ANN401 - the library's
        """Take the head of a response whose body is not read."""
        self._response, self._body = response, BodyDecoder("", 0)

    def add(self, part: bytes) -> None:
        """Add the next part. Raises UnreadableAnswerError if the body is too long, TimedOutError if it is too late."""
        assert self._body is not None  # noqa: S101 - the exchange has begun
        try:
            self._body.add(part)
        except TooLongError:
            raise self._unreadable(f"the response is longer than {self._step.max_bytes} bytes") from None
        except CodingError as error:
            raise self._unreadable(f"cannot decode the response: {error}") from None
        if self._deadline.is_over():
            raise self.deadline_error()

    def finish(self) -> Response:
        """Return the response. If the API key was sent, it is redacted, in case the server echoes it."""
        assert self._body is not None  # noqa: S101 - the exchange has begun
        try:
            content = self._body.finish() if self._is_readable else b""
        except CodingError as error:
            raise self._unreadable(f"cannot decode the response: {error}") from None
        headers = tuple(self._response.headers.multi_items())
        if self._step.with_key:
            redact = self._key.redact
            headers = tuple((name, redact(value)) for name, value in headers)
            content = redact(content.decode("latin-1")).encode("latin-1")
        return Response(self.status, headers, content)

    def deadline_error(self) -> TimedOutError:
        """Return the exception for an exchange that the deadline ended."""
        if self._response is None:
            message = f"no response from {urlsplit(self._step.request.target).hostname} before the deadline"
        else:
            message = "the deadline passed before the response was complete"
        return TimedOutError(message, **self._facts())

    def _unreadable(self, message: str) -> UnreadableAnswerError:
        return UnreadableAnswerError(message, **self._facts())

    def _facts(self) -> dict[str, Any]:
        billed = is_billed(self._step, self.status)
        request_id = self._response.headers.get("x-request-id", "") if self._response is not None else ""
        return {"status": self.status, "request_id": request_id, "billed": billed, "hint": billing_hint(billed)}


def is_billed(step: RequestStep[Any], status: int) -> bool | None:
    """Return False if the exchange was certainly not billed, None if that is unknown."""
    return None if step.billable and status < 300 else False  # noqa: PLR2004 - RFC 9110: redirects and errors


def billing_hint(billed: bool | None) -> str:  # noqa: FBT001 - a value
    """Return what to say of an exchange that may have been billed."""
    return BILLING_UNKNOWN if billed is None else ""
