"""A rule in force, and how many rules a namespace may have."""

from msgspec import Struct

from emoji_mock.fake.rules.rule import Rule

EVERYONE = "*"
"""The namespace whose rules and limits hold for every caller, after the caller's own."""
RULES_OF_ONE = 1000
"""How many rules one namespace may have."""
PATTERNS_OF_ONE = 64 * 1024
"""How many characters the `image_url` patterns of one namespace may have together: each may be tried for every call."""


class ActiveRule(Struct, frozen=True):
    """A rule in force: its number in the store, the namespace it holds for, and how often it was used."""

    id: int
    namespace: str
    rule: Rule
    used: int

    @property
    def spent(self) -> bool:
        """Whether it was used as often as its `times` allow."""
        return self.rule.times is not None and self.used >= self.rule.times
