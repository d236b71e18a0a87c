"""What the callers did wrong, with the calls that show it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from emoji_mock.server.dashboard.sampled import Sampled
from emoji_mock.verdict.verdict import Verdict, judge

if TYPE_CHECKING:
    from emoji_mock.fake.store.ports import Store
    from emoji_mock.server.control.steered import SteeredFake


def view(fake: SteeredFake) -> Verdict:
    """Return the findings of all accounts, the worst first."""
    return _verdicts.of(fake.store)


def _judge(store: Store) -> Verdict:
    return judge(store.journal(limit=sys.maxsize).entries)


_verdicts = Sampled(_judge)
