"""The fake in this process as a target."""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING

from emoji_mock.assembly import Fake
from emoji_mock.conformance.cases.placeholders import Bindings
from emoji_mock.conformance.targets.target import MockKeys, NoAnswerError
from emoji_mock.contract.exchange import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emoji_mock.conformance.cases.case import Case
    from emoji_mock.contract.exchange import Request, Response


class FakeTarget:
    """A fake in this process, whose clock moves forward when a case waits. Opens no socket."""

    name, live = "the fake", False
    secrets: Mapping[str, str] = {}

    def __init__(self, fake: Fake | None = None) -> None:
        self._fake = fake or Fake()
        self._keys = MockKeys(token_hex(4))
        self._original_clock = self._fake.clock
        self._ahead = 0.0
        self._fake.clock = self._now

    def _now(self) -> float:
        return self._original_clock() + self._ahead

    def bind(self, case: Case) -> Bindings:
        """Return mock keys, and the magic URL for the expected outcome."""
        return Bindings(key=self._keys.key_for(case), bad_key=MockKeys.BAD_KEY, picture=case.picture)

    def send(self, request: Request) -> Response:
        """Return the fake's answer. Raises NoAnswerError if a rule causes a network fault."""
        reply = self._fake.answer(request)
        if isinstance(reply, Fault):
            raise NoAnswerError(f"a fault: {reply.kind}")
        return reply

    def wait(self, seconds: float) -> None:
        """Advance the fake's clock by `seconds`."""
        self._ahead += seconds

    def close(self) -> None:
        """Restore the fake's clock."""
        self._fake.clock = self._original_clock
