"""The ports of the fake's state: one Protocol for each kind of it, and `Store`, which is all of them.

A store may live in this process or be shared by several. So every argument and every result is a plain value that can
be serialised: nothing is mutated, and a caller learns what was stored from the result alone.
"""

from typing import Protocol

from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.accounts import QuotaName
from emoji_mock.fake.accounting.call_filter import ALL_CALLS, CallFilter, LatestCalls
from emoji_mock.fake.accounting.journal import CallRecord, Page, StoredCall
from emoji_mock.fake.accounting.ledger import Ledger
from emoji_mock.fake.accounting.limiter import Admission, GateUse
from emoji_mock.fake.accounting.limits import Limits
from emoji_mock.fake.rules.active_rule import EVERYONE, ActiveRule
from emoji_mock.fake.rules.rule import RequestFacts, Rule
from emoji_mock.fake.store.values import Upload, UploadFacts, VideoTask


class StoreFullError(ValueError):
    """More rules, longer patterns, or more namespaces with limits than the store holds."""


class StoreUnavailableError(Exception):
    """The store cannot be reached, or refuses to work; the message says which one and why."""


class StaleStateError(Exception):
    """What a call relied on has changed in the store before it took effect: the call has to be answered again."""


class RulesPort(Protocol):
    """The rules of each namespace. Every operation is atomic, bounded, and safe from any thread."""

    @property
    def has_rules(self) -> bool:
        """Whether there is any rule; read for every request, so it must be cheap."""
        ...

    def take_rules(
        self, namespace: str, facts: RequestFacts, draw: float = 0.0, *, faults_only: bool = False
    ) -> tuple[Rule, ...]:
        """Count a use of each rule that applies to a request, and return these rules.

        The namespace's own are tried first, then everyone's. The last one returned decides the outcome or the fault, if
        any does; those before it only add latency. `draw`, from 0 to 1, decides for rules with a chance. With
        `faults_only`, rules with an outcome are skipped.
        """
        ...

    def rules(self, namespace: str | None = None) -> list[ActiveRule]:
        """Return the rules of `namespace`, or all, in the order in which they are tried."""
        ...

    def known_rules(self, namespace: str) -> list[ActiveRule]:
        """Return the rules that are tried for `namespace`, in their order, as far as they are known without waiting."""
        ...

    def add_rule(self, rule: Rule, namespace: str = EVERYONE) -> ActiveRule:
        """Put `rule` before the others of its namespace. Raises StoreFullError."""
        ...

    def replace_rules(self, rules: list[Rule], namespace: str = EVERYONE) -> list[ActiveRule]:
        """Replace the rules of `namespace` by `rules`, in this order. Raises StoreFullError and then keeps the old."""
        ...

    def order_rules(self, first: list[int], namespace: str = EVERYONE) -> list[ActiveRule]:
        """Try the rules with these numbers first, in this order, and return all; the others follow as they were.

        Raises ValueError for a number that no rule of `namespace` has, or that comes twice.
        """
        ...

    def remove_rule(self, number: int) -> ActiveRule | None:
        """Remove the rule with this number and return it, or None if there is none."""
        ...

    def clear_rules(self, namespace: str | None = None) -> int:
        """Remove the rules of `namespace`, or all, and return how many were removed."""
        ...


class LimitsPort(Protocol):
    """The limits of each namespace, and the calls counted against them. Atomic, bounded, safe from any thread."""

    @property
    def has_limits(self) -> bool:
        """Whether any namespace has limits; read for every request, so it must be cheap."""
        ...

    def limits_for(self, namespace: str) -> Limits | None:
        """Return the limits of `namespace`, or else those of everyone."""
        ...

    def limits(self) -> dict[str, Limits]:
        """Return all limits by namespace."""
        ...

    def set_limits(self, limits: Limits | None, namespace: str = EVERYONE) -> None:
        """Replace the limits of `namespace`, or remove them. Raises StoreFullError."""
        ...

    def admit(self, namespace: str, gate: str, limits: Limits, now: float) -> Admission:
        """Count a call through `gate`, unless `limits` refuse it; a refused call is not counted."""
        ...

    def leave(self, namespace: str, gate: str, place: int, until: float) -> None:
        """End a call that was admitted to `place`: it counts as under way until the time `until`."""
        ...

    def gate_uses(self, namespaces: list[str], now: float) -> dict[str, dict[str, GateUse]]:
        """Return how many calls each gate of `namespaces` counts at the time `now`; a namespace may have none."""
        ...


class JournalPort(Protocol):
    """The journal of all exchanges, and each namespace's ledger. Atomic, bounded, safe from any thread."""

    def reserve(self, namespace: str, model: str, limits: Limits) -> QuotaName | None:
        """Reserve an image for a call of a detection model until it is recorded; return the quota that is used up.

        What another model's call will cost is not known yet: it is let in as long as anything of the quota is left.
        """
        ...

    def record(self, call: CallRecord, *, picture: str = "", reserved: str = "") -> StoredCall:
        """Append an exchange to the journal, enter it into the ledger, and return it as it was stored.

        It then has its `number`, and `wasted` if it was billed for a picture that was billed before. `picture`
        identifies the picture where the call's `image_url` does not. `reserved` is the model whose reserved image is
        freed.
        """
        ...

    def waited_out(self, number: int) -> None:
        """Mark the entry `number`, if it is still kept: its caller waited for a stall's end or for a late response."""
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
        """Return the first `limit` matching entries with a number above `after`, oldest first."""
        ...

    def latest_calls(
        self, wanted: CallFilter = ALL_CALLS, *, after: int = 0, before: int | None = None, limit: int = 100
    ) -> LatestCalls:
        """Return the newest `limit` entries that are `wanted`, numbered above `after` and below `before`.

        It takes a time that depends on the calls above `after`, not on the size of the journal.
        """
        ...

    def ledgers(self) -> dict[str, Ledger]:
        """Return a copy of every namespace's ledger."""
        ...


class UploadsPort(Protocol):
    """Uploaded files, at most so many bytes together. Atomic, safe from any thread."""

    def keep_upload(self, upload: Upload, *, now: float) -> bool:
        """Keep `upload`, and drop the oldest ones to make room; return False if its key is taken at `now`.

        A file that is larger than the whole room drops nothing and is not kept. Raises OSError.
        """
        ...

    def upload(self, key: str) -> Upload | None:
        """Return the upload under `key`, even if its time is over."""
        ...

    def latest_uploads(self, limit: int) -> list[UploadFacts]:
        """Return the last `limit` uploads of all namespaces, newest first."""
        ...


class PicturesPort(Protocol):
    """Pictures from `data:` URLs, kept for the page, at most so many bytes together. Atomic, safe from any thread."""

    def keep_picture(self, namespace: str, digest: str, data: bytes) -> None:
        """Keep the picture file of a call of `namespace`, and drop the oldest ones to make room."""
        ...

    def picture(self, namespace: str, digest: str) -> bytes | None:
        """Return the picture file of `namespace` that has `digest`."""
        ...


class TasksPort(Protocol):
    """Video tasks: one of a namespace runs at a time. Atomic, bounded, safe from any thread."""

    def add_task(self, task: VideoTask) -> VideoTask:
        """Queue `task` behind the others of its namespace, and return it with the time at which it begins."""
        ...

    def task(self, task_id: str) -> VideoTask | None:
        """Return the task under `task_id`."""
        ...

    def tasks(self, namespace: str) -> list[VideoTask]:
        """Return the tasks of `namespace`, oldest first."""
        ...

    def latest_tasks(self, limit: int) -> list[VideoTask]:
        """Return the last `limit` tasks of all namespaces, newest first."""
        ...

    def cancel_task(self, task_id: str, namespace: str, now: float) -> bool:
        """Cancel a pending task of `namespace` and move up those behind it; return False if it is not pending."""
        ...


class Store(RulesPort, LimitsPort, JournalPort, UploadsPort, PicturesPort, TasksPort, Protocol):
    """All state of a fake."""

    def reset(self, namespace: str | None = None) -> None:
        """Clear rules, limits, journal, ledger, uploads, pictures and tasks of `namespace`, or of all."""
        ...
