"""The store that lives in the process: bounded, and safe from any thread."""

from collections import deque
from itertools import islice
from pathlib import Path

from msgspec import structs

from emoji_mock._support.fork_safety import Locked
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.accounts import NAMESPACES, Accounts
from emoji_mock.fake.accounting.journal import Entry, Page
from emoji_mock.fake.accounting.ledger import Ledger
from emoji_mock.fake.accounting.limiter import Admission, Limiter
from emoji_mock.fake.accounting.limits import Limits
from emoji_mock.fake.rules.rule import RequestFacts, Rule
from emoji_mock.fake.store.ports import EVERYONE, PATTERNS_OF_ONE, RULES_OF_ONE, ActiveRule
from emoji_mock.fake.store.task_queue import TaskQueue
from emoji_mock.fake.store.upload import Upload
from emoji_mock.fake.store.upload_store import UploadStore
from emoji_mock.fake.store.values import VideoTask

RULES = 10_000
"""How many rules are kept in all."""


class TooManyRulesError(ValueError):
    """More rules, or longer ones, than the store holds."""


class MemoryStore(Locked):
    """A Store in memory; `journal_size` is how many exchanges it keeps, `upload_bytes` how much of uploads.

    Uploads may lie in a folder instead. Raises OSError if there can be none.
    """

    def __init__(
        self, journal_size: int = 10_000, upload_bytes: int = 64 * 1024 * 1024, upload_dir: Path | None = None
    ) -> None:
        super().__init__()
        self._shelf = UploadStore(upload_bytes, upload_dir)
        self._board = TaskQueue()
        self._limiter = Limiter()
        self._limits: dict[str, Limits] = {}
        self._accounts = Accounts()
        self._journal: deque[Entry] = deque(maxlen=journal_size)
        self._rules: dict[str, list[ActiveRule]] = {}
        self._next_rule = 1
        self._last = 0

    def take_rules(
        self, namespace: str, asked: RequestFacts, draw: float = 0.0, *, faults_only: bool = False
    ) -> tuple[Rule, ...]:
        """Use and return what holds for a call: rules that only slow it down, and the first that says how it ends."""
        taken: list[Rule] = []
        with self._lock:
            for owner in (namespace, EVERYONE):
                standings = self._rules.get(owner, ())
                for place, standing in enumerate(standings):
                    rule = standing.rule
                    if standing.spent or not rule.matches(asked) or (faults_only and rule.outcome is not None):
                        continue
                    chance = 1.0 if rule.chance is None else rule.chance
                    met = draw < chance
                    # What is left of the draw is as good as a new one for the rules that follow.
                    draw = draw / chance if met else (draw - chance) / (1 - chance)
                    if not met:
                        continue
                    self._rules[owner][place] = structs.replace(standing, used=standing.used + 1)
                    taken.append(rule)
                    if rule.decides:
                        return tuple(taken)
        return tuple(taken)

    @property
    def ruled(self) -> bool:
        """Whether there is any rule."""
        return bool(self._rules)

    def rules(self, namespace: str | None = None) -> list[ActiveRule]:
        """List the rules of `namespace`, or all, in the order in which they are tried."""
        with self._lock:
            owners = [namespace] if namespace is not None else sorted(self._rules)
            return [standing for owner in owners for standing in self._rules.get(owner, ())]

    def add_rule(self, rule: Rule, namespace: str = EVERYONE) -> ActiveRule:
        """Put `rule` before the others of its namespace."""
        with self._lock:
            self._make_room([rule, *[standing.rule for standing in self._rules.get(namespace, ())]], namespace)
            standing = self._number(rule, namespace)
            self._rules.setdefault(namespace, []).insert(0, standing)
            return standing

    def replace_rules(self, rules: list[Rule], namespace: str = EVERYONE) -> list[ActiveRule]:
        """Let `rules` stand instead of the namespace's, in this order."""
        with self._lock:
            self._make_room(rules, namespace)
            standings = [self._number(rule, namespace) for rule in rules]
            self._rules[namespace] = standings
            if not standings:
                del self._rules[namespace]
            return list(standings)

    def clear_rules(self, namespace: str | None = None) -> int:
        """Drop the rules of `namespace`, or all, and return how many there were."""
        with self._lock:
            return self._clear_rules(namespace)

    @property
    def limited(self) -> bool:
        """Whether anybody has limits that were set here."""
        return bool(self._limits)

    def limits_for(self, namespace: str) -> Limits | None:
        """Return the limits that were set for `namespace`, or else for everyone."""
        return self._limits.get(namespace) or self._limits.get(EVERYONE)

    def limits(self) -> dict[str, Limits]:
        """Return all limits that were set, by namespace."""
        with self._lock:
            return dict(self._limits)

    def set_limits(self, limits: Limits | None, namespace: str = EVERYONE) -> None:
        """Hold `namespace` to `limits`, or no longer to any of its own. Raises TooManyRulesError."""
        with self._lock:
            if limits is None:
                self._limits.pop(namespace, None)
                return
            if namespace not in self._limits and len(self._limits) >= NAMESPACES:
                raise TooManyRulesError(f"at most {NAMESPACES} namespaces have limits of their own; clear some first")
            self._limits[namespace] = limits

    def admit(self, namespace: str, gate: str, limits: Limits, now: float) -> Admission:
        """Count a call through `gate`, unless the limits refuse it."""
        return self._limiter.admit(namespace, gate, limits, now)

    def leave(self, namespace: str, gate: str, place: int, until: float) -> None:
        """Free the place of a call at that time."""
        self._limiter.leave(namespace, gate, place, until)

    def reserve(self, namespace: str, most: int) -> bool:
        """Hold an image for a call until it is recorded; say no if `most` were billed or are held."""
        with self._lock:
            return self._accounts.reserve(namespace, most)

    def record(self, entry: Entry, *, image_url: str = "", reserved: bool = False) -> None:
        """Write an exchange into the journal and onto the ledger, in place of the image that was held for it."""
        with self._lock:
            self._last += 1
            structs.force_setattr(entry, "number", self._last)  # here, so that order and numbers agree
            if self._accounts.enter(entry, image_url or entry.image_url, reserved=reserved):
                structs.force_setattr(entry, "wasted", True)  # noqa: FBT003 - a value
            self._journal.append(entry)

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
        with self._lock:
            entries = list(self._journal)
        fitting = [
            entry
            for entry in entries
            if (namespace is None or entry.namespace == namespace)
            and (outcome is None or entry.outcome == outcome)
            and (code is None or code in (entry.code, entry.row))
        ]
        page = list(islice((entry for entry in fitting if entry.number > after), limit))
        more = bool(page) and page[-1].number < fitting[-1].number
        return Page(total=len(fitting), entries=page, next=page[-1].number if more else None)

    def waited_out(self, number: int) -> None:
        """Note that the caller sat through the stall of this exchange, or waited for its late answer."""
        with self._lock:
            place = number - self._journal[0].number if self._journal else -1
            if 0 <= place < len(self._journal) and self._journal[place].number == number:
                structs.force_setattr(self._journal[place], "waited_out", True)  # noqa: FBT003 - a value

    def ledgers(self) -> dict[str, Ledger]:
        """Return a copy of every namespace's ledger."""
        with self._lock:
            return self._accounts.ledgers()

    def keep_upload(self, upload: Upload, *, now: float) -> bool:
        """Keep `upload` and drop the oldest for it; say no if its key is taken."""
        return self._shelf.put(upload, now=now)

    def upload(self, key: str) -> Upload | None:
        """Return the upload under `key`."""
        return self._shelf.get(key)

    def add_task(self, task: VideoTask) -> VideoTask:
        """Let `task` run after the others of its namespace, and return it with its time."""
        return self._board.add(task)

    def task(self, task_id: str) -> VideoTask | None:
        """Return a task."""
        return self._board.get(task_id)

    def tasks(self, namespace: str) -> list[VideoTask]:
        """Return the tasks of `namespace`, oldest first."""
        return self._board.of(namespace)

    def cancel_task(self, task_id: str, namespace: str, now: float) -> bool:
        """Cancel a task of `namespace` that waits, so that those behind it move up; say no if it does not wait."""
        return self._board.cancel(task_id, namespace, now)

    def reset(self, namespace: str | None = None) -> None:
        """Forget rules, limits, journal, ledger, uploads and tasks of `namespace`, or everything."""
        self._shelf.clear(namespace)
        self._board.clear(namespace)
        self._limiter.clear(namespace)
        with self._lock:
            self._clear_rules(namespace)
            self._accounts.clear(namespace)
            if namespace is None:
                self._journal.clear()
                self._limits.clear()
                return
            kept = [entry for entry in self._journal if entry.namespace != namespace]
            self._journal.clear()
            self._journal.extend(kept)
            self._limits.pop(namespace, None)

    def _number(self, rule: Rule, namespace: str) -> ActiveRule:
        standing = ActiveRule(self._next_rule, namespace, rule, used=0)
        self._next_rule += 1
        return standing

    def _make_room(self, wanted: list[Rule], namespace: str) -> None:
        others = sum(len(standings) for owner, standings in self._rules.items() if owner != namespace)
        bounds = ""
        if len(wanted) > RULES_OF_ONE or others + len(wanted) > RULES:
            bounds = f"a namespace holds {RULES_OF_ONE} rules at the most, and the store {RULES}"
        elif sum(len(rule.image_url or "") for rule in wanted) > PATTERNS_OF_ONE:
            bounds = f"a namespace's image_url patterns have {PATTERNS_OF_ONE} characters together at the most"
        if bounds:
            raise TooManyRulesError(f"{bounds}; clear some first")

    def _clear_rules(self, namespace: str | None) -> int:
        owners = list(self._rules) if namespace is None else [namespace]
        return sum(len(self._rules.pop(owner, ())) for owner in owners)
