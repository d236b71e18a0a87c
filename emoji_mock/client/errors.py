"""The exceptions of the client, one class for each cause. All can be pickled, and none holds an API key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from emoji_mock.contract.row import Outcome

if TYPE_CHECKING:
    from emoji_mock.client.results import Failed
    from emoji_mock.client.tasks import Task


BILLING_UNKNOWN = "The call may have been billed, so it is not sent again."
"""The hint of an error that leaves open whether the call was billed."""


class EmojiError(Exception):
    """A call without a result; the base class of the client's exceptions.

    `code` and `message` are the vendor's; without an error response, `code` is empty and `message` the client's.
    `status` is the HTTP status, 0 without a response. `billed` is None if unknown: the vendor may have handled a call
    whose response was lost. `retryable`: another attempt is free and may succeed. `retry_after` is the server's
    Retry-After in seconds. `hint` says what to do.
    """

    outcome: ClassVar[Outcome] = Outcome.ERROR
    passed: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        status: int = 0,
        request_id: str = "",
        billed: bool | None = False,
        retryable: bool = False,
        retry_after: float | None = None,
        hint: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
        self.request_id = request_id
        self.billed = billed
        self.retryable = retryable
        self.retry_after = retry_after
        self.hint = hint

    def __str__(self) -> str:
        """Return code, message, HTTP status, request id and hint."""
        text = f"{self.code}: {self.message}" if self.code else self.message
        origin = [f"HTTP {self.status}"] * bool(self.status) + [f"request {self.request_id}"] * bool(self.request_id)
        return text + (f" [{', '.join(origin)}]" if origin else "") + (f" {self.hint}" if self.hint else "")

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the attributes, because subclasses have other constructor arguments."""
        return _restore, (type(self), vars(self))


def _restore(kind: type[EmojiError], values: dict[str, Any]) -> EmojiError:
    error = kind.__new__(kind, values["message"])
    vars(error).update(values)
    return error


class ApiKeyError(EmojiError):
    """The API key is missing, invalid, of another region, or not allowed to use the model."""


class BillingError(EmojiError):
    """The account is in arrears, its free tier is used up, or the model is not activated."""


class RequestError(EmojiError):
    """The request is invalid: a mistake of the caller or of this client."""


class PictureError(EmojiError):
    """A picture, audio or video cannot be fetched, has a wrong format or size, or was refused by moderation."""


class ThrottledError(EmojiError):
    """Too many requests were sent: slow down."""


class ServiceError(EmojiError):
    """The service failed, is overloaded, or sent an invalid response."""


class ConnectionFailedError(EmojiError):
    """There was no connection, or it ended before the response was complete."""


class TimedOutError(ConnectionFailedError):
    """There was no response in time."""


class UnreadableAnswerError(ServiceError):
    """The response is not one of the requested kind."""


class DetectionFailedError(EmojiError):
    """The picture was refused, with `raise_on_failed`. `result` is the Failed result; it is usually billed."""

    outcome: ClassVar[Outcome] = Outcome.FAILED

    def __init__(self, result: Failed, *, hint: str = "") -> None:
        super().__init__(
            result.message or result.reason,
            code=result.code,
            status=result.status,
            request_id=result.request_id,
            billed=result.billed,
            hint=hint,
        )
        self.result = result


class NoVideoError(EmojiError):
    """The task ended without a video: it was cancelled, or is unknown or expired. `task` is its last state."""

    def __init__(self, message: str, task: Task, *, hint: str = "") -> None:
        super().__init__(message, code=task.code, status=200, request_id=task.request_id, hint=hint)
        self.task = task


class TaskFailedError(NoVideoError):
    """The task failed. `code` and `message` are the vendor's."""

    outcome: ClassVar[Outcome] = Outcome.FAILED
