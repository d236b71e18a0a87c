"""What the callers did wrong, with the calls that show it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.server.dashboard.sampled import Sampled
from emoji_mock.verdict.verdict import Verdict, judge

if TYPE_CHECKING:
    from emoji_mock.fake.store.ports import Store
    from emoji_mock.server.control.steered import SteeredFake


class Findings(NamedTuple):
    """What the region shows; `renewed` is the number of seconds between two judgements."""

    verdict: Verdict
    renewed: float


def view(fake: SteeredFake) -> Findings:
    """Return the findings of all accounts, the worst first."""
    sample = _verdicts.sample(fake.store)
    return Findings(sample.value, sample.seconds)


def _judge(store: Store) -> Verdict:
    return judge(store.journal(limit=sys.maxsize).entries)


_verdicts = Sampled(_judge)
