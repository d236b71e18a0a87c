"""One family of exceptions, by whose fault it is. Every one pickles, and none ever holds a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from emoji_mock.contract.row import Outcome

if TYPE_CHECKING:
    from emoji_mock.client.results import Failed
    from emoji_mock.client.tasks import Task


PERHAPS_BILLED = "It may have been billed, and is not asked for again."
"""The hint of an error of which nobody can know whether it was billed."""


class EmojiError(Exception):
    """A detection that brought no result.

    `code` and `message` are the vendor's, or no code and our words where it did not speak; `status` is the HTTP status,
    0 without an answer. `billed` is None where nobody can know: the vendor may have worked on a call whose answer was
    lost. `retryable` says whether asking again is free and may help; `retry_after` is what the server asked for, in
    seconds. `hint` says what to do.
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
        """Return code, message, where it came from, and the hint."""
        told = f"{self.code}: {self.message}" if self.code else self.message
        where = [f"HTTP {self.status}"] * bool(self.status) + [f"request {self.request_id}"] * bool(self.request_id)
        return told + (f" [{', '.join(where)}]" if where else "") + (f" {self.hint}" if self.hint else "")

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by what `__init__` set."""
        return _revive, (type(self), vars(self))


def _revive(kind: type[EmojiError], values: dict[str, Any]) -> EmojiError:
    error = kind.__new__(kind, values["message"])
    vars(error).update(values)
    return error


class ApiKeyError(EmojiError):
    """The key: missing, bad, of another region, or not allowed to use the model."""


class BillingError(EmojiError):
    """The account: not paid, free tier used up, or the model not activated."""


class RequestError(EmojiError):
    """The request: something in it is wrong, which is a mistake of the caller's or of this client's."""


class PictureError(EmojiError):
    """The picture: it could not be fetched, is no such image, too many bytes, or was refused by moderation."""


class ThrottledError(EmojiError):
    """Too many requests: slow down."""


class ServiceError(EmojiError):
    """The service: it broke, is overloaded, or does not answer sense."""


class ConnectionFailedError(EmojiError):
    """The network: no connection, or one that ended before the answer was whole."""


class TimedOutError(ConnectionFailedError):
    """The network: no answer in time."""


class UnreadableAnswerError(ServiceError):
    """The service answered something that no face-detect answer looks like."""


class DetectionFailedError(EmojiError):
    """The picture was refused (with `raise_on_failed`); `result` is what would have been returned. Mostly billed."""

    outcome: ClassVar[Outcome] = Outcome.FAILED

    def __init__(self, result: Failed, *, hint: str = "") -> None:
        super().__init__(
            result.message,
            code=result.code,
            status=result.status,
            request_id=result.request_id,
            billed=result.billed,
            hint=hint,
        )
        self.result = result


class NoVideoError(EmojiError):
    """The task is over and there is no video: it was cancelled, or is not known (any more); `task` is how it stood."""

    def __init__(self, message: str, task: Task, *, hint: str = "") -> None:
        super().__init__(message, code=task.code, status=200, request_id=task.request_id, hint=hint)
        self.task = task


class TaskFailedError(NoVideoError):
    """The task failed; `code` and `message` are the vendor's own."""

    outcome: ClassVar[Outcome] = Outcome.FAILED
