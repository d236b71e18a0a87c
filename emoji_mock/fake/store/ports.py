"""Everything the fake remembers, behind a port, so that several replicas can share one memory."""

from typing import Protocol

from msgspec import Struct

from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.journal import Entry, Page
from emoji_mock.fake.accounting.ledger import Ledger
from emoji_mock.fake.accounting.limiter import Admission
from emoji_mock.fake.accounting.limits import Limits
from emoji_mock.fake.rules.rule import RequestFacts, Rule
from emoji_mock.fake.store.upload import Upload
from emoji_mock.fake.store.values import VideoTask

RULES_OF_ONE = 1000
"""How many rules one namespace has."""
PATTERNS_OF_ONE = 64 * 1024
"""How many characters its `image_url` patterns have together: each may be held against every call."""
EVERYONE = "*"
"""The namespace whose rules hold for every caller, after the caller's own."""


class ActiveRule(Struct, frozen=True):
    """A rule as it stands: its number, the namespace it holds for, and how often it was used."""

    id: int
    namespace: str
    rule: Rule
    used: int

    @property
    def spent(self) -> bool:
        """Whether it was used as often as it was meant to be."""
        return self.rule.times is not None and self.used >= self.rule.times


class Store(Protocol):
    """What the fake asks of its memory. Every operation is atomic, bounded, and safe from any thread."""

    def take_rules(
        self, namespace: str, asked: RequestFacts, draw: float = 0.0, *, faults_only: bool = False
    ) -> tuple[Rule, ...]:
        """Use and return what holds for a call: the first rule that matches, is not spent and says how it ends.

        Before it come those that say only how slow the answer is. The namespace's own go first, then everyone's.
        `draw`, from 0 to 1, decides for rules with a chance. With `faults_only`, only those without an outcome count.
        """
        ...

    @property
    def ruled(self) -> bool:
        """Whether there is any rule; asked at every call, so it must be cheap."""
        ...

    def rules(self, namespace: str | None = None) -> list[ActiveRule]:
        """List the rules of `namespace`, or all, in the order in which they are tried."""
        ...

    def add_rule(self, rule: Rule, namespace: str = EVERYONE) -> ActiveRule:
        """Put `rule` before the others of its namespace."""
        ...

    def replace_rules(self, rules: list[Rule], namespace: str = EVERYONE) -> list[ActiveRule]:
        """Let `rules` stand instead of the namespace's, in this order."""
        ...

    def clear_rules(self, namespace: str | None = None) -> int:
        """Drop the rules of `namespace`, or all, and return how many there were."""
        ...

    @property
    def limited(self) -> bool:
        """Whether anybody has limits that were set here; asked at every call, so it must be cheap."""
        ...

    def limits_for(self, namespace: str) -> Limits | None:
        """Return the limits that were set for `namespace`, or else for everyone."""
        ...

    def limits(self) -> dict[str, Limits]:
        """Return all limits that were set, by namespace."""
        ...

    def set_limits(self, limits: Limits | None, namespace: str = EVERYONE) -> None:
        """Hold `namespace` to `limits` instead of those before, or no longer to any of its own."""
        ...

    def admit(self, namespace: str, gate: str, limits: Limits, now: float) -> Admission:
        """Count a call through `gate`, unless the limits refuse it."""
        ...

    def leave(self, namespace: str, gate: str, place: int, until: float) -> None:
        """Free the place of a call at that time."""
        ...

    def reserve(self, namespace: str, most: int) -> bool:
        """Hold an image for a call until it is recorded; say no if `most` were billed or are held."""
        ...

    def record(self, entry: Entry, *, image_url: str = "", reserved: bool = False) -> None:
        """Write an exchange into the journal and onto the ledger, in place of the image that was held for it.

        `image_url` tells its picture apart, where what the entry keeps of the URL does not.
        """
        ...

    def journal(
        self,
        *,
        namespace: str | None = None,
        outcome: Outcome | None = None,
        code: str | None = None,
        after: int = 0,
        limit: int = 100,
    ) -> Page:
        """Return the first `limit` exchanges numbered above `after` that fit, oldest first."""
        ...

    def waited_out(self, number: int) -> None:
        """Note that the caller of this exchange sat through a stall to its end, or waited for a late answer."""
        ...

    def ledgers(self) -> dict[str, Ledger]:
        """Return a copy of every namespace's ledger."""
        ...

    def keep_upload(self, upload: Upload, *, now: float) -> bool:
        """Keep `upload` and drop the oldest for it; say no if its key is taken."""
        ...

    def upload(self, key: str) -> Upload | None:
        """Return the upload under `key`."""
        ...

    def add_task(self, task: VideoTask) -> VideoTask:
        """Let `task` run after the others of its namespace, and return it with its time."""
        ...

    def task(self, task_id: str) -> VideoTask | None:
        """Return a task."""
        ...

    def tasks(self, namespace: str) -> list[VideoTask]:
        """Return the tasks of `namespace`, oldest first."""
        ...

    def cancel_task(self, task_id: str, namespace: str, now: float) -> bool:
        """Cancel a task of `namespace` that waits, so that those behind it move up; say no if it does not wait."""
        ...

    def reset(self, namespace: str | None = None) -> None:
        """Forget rules, limits, journal, ledger, uploads and tasks of `namespace`, or everything."""
        ...
