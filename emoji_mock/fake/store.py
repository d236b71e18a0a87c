"""Everything the fake remembers, behind a port, so that several replicas can share one memory."""

from typing import Protocol

from msgspec import Struct

from emoji_mock.contract.row import Outcome
from emoji_mock.fake.journal import Entry, Page
from emoji_mock.fake.ledger import Ledger
from emoji_mock.fake.rules import Asked, Rule

EVERYONE = "*"
"""The namespace whose rules hold for every caller, after the caller's own."""


class Standing(Struct, frozen=True):
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

    def take_rule(self, namespace: str, asked: Asked) -> Rule | None:
        """Use and return the first rule that matches and is not spent: the namespace's own, then everyone's."""
        ...

    def rules(self, namespace: str | None = None) -> list[Standing]:
        """List the rules of `namespace`, or all, in the order in which they are tried."""
        ...

    def add_rule(self, rule: Rule, namespace: str = EVERYONE) -> Standing:
        """Put `rule` before the others of its namespace."""
        ...

    def replace_rules(self, rules: list[Rule], namespace: str = EVERYONE) -> list[Standing]:
        """Let `rules` stand instead of the namespace's, in this order."""
        ...

    def clear_rules(self, namespace: str | None = None) -> int:
        """Drop the rules of `namespace`, or all, and return how many there were."""
        ...

    def record(self, entry: Entry) -> None:
        """Write an exchange into the journal and onto the ledger."""
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

    def ledgers(self) -> dict[str, Ledger]:
        """Return a copy of every namespace's ledger."""
        ...

    def reset(self, namespace: str | None = None) -> None:
        """Forget rules, journal and ledger of `namespace`, or everything."""
        ...
