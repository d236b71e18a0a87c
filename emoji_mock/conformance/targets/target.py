"""The interface of a target, and its errors."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emoji_mock.conformance.cases.case import Case
    from emoji_mock.conformance.cases.placeholders import Bindings
    from emoji_mock.contract.exchange import Request, Response


class TargetError(Exception):
    """A target that cannot be used, or cannot be reached. The message says why, and what to do."""

    def __init__(self, message: str, *, unreachable: bool = False) -> None:
        super().__init__(message)
        self.unreachable = unreachable


class NoAnswerError(Exception):
    """A call without an answer. The message says what happened instead."""


class Target(Protocol):
    """A server that the cases are sent to.

    `live` means that a call may cost money. `secrets` are the texts to redact, each with its replacement.
    """

    name: str
    live: bool
    secrets: Mapping[str, str]

    def bind(self, case: Case) -> Bindings | str:
        """Return the values for the placeholders of `case`, or the reason why this target must skip it."""
        ...

    def send(self, request: Request) -> Response:
        """Return the answer to `request`. Raises NoAnswerError, and TargetError if the target cannot be reached."""
        ...

    def wait(self, seconds: float) -> None:
        """Let time pass, in seconds."""
        ...

    def close(self) -> None:
        """Release the resources."""
        ...


class MockKeys:
    """The API keys for a target that takes any mock key; `run` keeps the accounts of two runs apart."""

    KEY, BAD_KEY = "sk-mock-conformance", "sk-mock-invalid"
    _LONGEST_NAME = 43

    def __init__(self, run: str) -> None:
        self._run = run

    def key_for(self, case: Case) -> str:
        """Return the key for `case`: a namespace of its own if the case creates or lists tasks."""
        if not (case.setup or case.lists_tasks):
            return self.KEY
        name = case.name.replace("/", "-")
        if len(name) > self._LONGEST_NAME:  # the fake's keys are bounded
            name = f"{name[:26]}-{blake2b(name.encode(), digest_size=8).hexdigest()}"
        return f"{self.KEY}-{self._run}-{name}"
