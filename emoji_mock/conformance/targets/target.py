"""What a target is: whatever answers the cases, and how it says that it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emoji_mock.conformance.cases.case import Case, Filled
    from emoji_mock.contract.exchange import Request, Response


class TargetError(Exception):
    """A target that cannot be used, or where nobody listens; the message says why, and what to do."""

    def __init__(self, message: str, *, unreachable: bool = False) -> None:
        super().__init__(message)
        self.unreachable = unreachable


class NoAnswerError(Exception):
    """A call that ended without an answer; the message says how."""


class Target(Protocol):
    """What answers: `live` when a call may cost money, `secrets` what must not be seen, each with the word for it."""

    name: str
    live: bool
    secrets: Mapping[str, str]

    def fill(self, case: Case) -> Filled | str:
        """Return what goes into the request of `case`, or why it cannot be asked here."""
        ...

    def send(self, request: Request) -> Response:
        """Return the answer to `request`. Raises NoAnswerError, and TargetError if nobody listens."""
        ...

    def wait(self, seconds: float) -> None:
        """Let time pass; only what `fill` lets by is asked to."""
        ...

    def close(self) -> None:
        """Let go of what is held open."""
        ...
