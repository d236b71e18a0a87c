"""Which calls of the journal a reader wants, and the newest of them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from emoji_mock.contract.row import Outcome  # noqa: TC001 - msgspec reads the types of fields
from emoji_mock.fake.accounting.journal import Entry  # noqa: TC001

if TYPE_CHECKING:
    from emoji_mock.fake.accounting.journal import StoredCall

LONGEST_TEXT = 256
"""How many characters of a text are looked for."""


class CallFilter(Struct, frozen=True, dict=True):
    """The calls of `namespace`, with `outcome`, that have `text` in any of their texts; None and "" are all.

    The case of letters does not count.
    """

    namespace: str | None = None
    outcome: Outcome | None = None
    text: str = ""

    @cached_property
    def _wanted(self) -> str:
        return self.text[:LONGEST_TEXT].strip().lower()

    def matches(self, stored: StoredCall) -> bool:
        """Return whether a call is one of those that are wanted."""
        call = stored.call
        if self.outcome is not None and call.outcome != self.outcome:
            return False
        if self.namespace is not None and call.namespace != self.namespace:
            return False
        return not self._wanted or self._wanted in _text_of(stored)


class LatestCalls(Struct, frozen=True):
    """The newest calls that match, the newest first, and how many match in all.

    `kept` is how many calls the journal has, of the namespace if one is wanted, whether they match or not. `last` is
    the number of the newest of them, of any namespace. `resets` counts how often calls were removed by a reset: rows
    that a reader has shown before may be gone if it has changed.
    """

    entries: list[Entry]
    matching: int
    kept: int
    last: int
    resets: int


ALL_CALLS = CallFilter()
"""Selects every call."""
NO_CALL = 2**53
"""A number above that of every call: who asks for the calls after it gets none, only the numbers beside them, soon."""


def ends_in(stored: StoredCall, outcome: Outcome | None, code: str | None) -> bool:
    """Return whether a call has ended in `outcome`, with `code`, which may name a row; None is any."""
    call = stored.call
    return (outcome is None or call.outcome == outcome) and (code is None or code in (call.code, call.row))


def _text_of(stored: StoredCall) -> str:
    call = stored.call
    more = () if call.more is None else (str(call.more.get("reason", "")), str(call.more.get("fault", "")))
    known = (call.namespace, call.key, call.endpoint, call.outcome, call.code, call.row, str(call.status))
    return "\n".join((*known, call.request_id, *call.texts, *more)).lower()
