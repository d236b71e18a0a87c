"""A rule in force, and how many rules a namespace may have."""

from msgspec import Struct

from emoji_mock.fake.accounting.shares import memory_of
from emoji_mock.fake.network.latency import Latency
from emoji_mock.fake.rules.rule import Rule

EVERYONE = "*"
"""The namespace whose rules and limits hold for every caller, after the caller's own."""
RULES_OF_ONE = 1000
"""How many rules one namespace may have."""
PATTERNS_OF_ONE = 64 * 1024
"""How many characters the `image_url` patterns of one namespace may have together: each may be tried for every call."""
SEARCHES_OF_ONE = 4096
"""The `cost` of these patterns together (see UrlPattern): a call waits for up to 30 ms of comparisons."""
RULE_BYTES_OF_ONE = 8 * 1024 * 1024
"""How many bytes of memory the rules of one namespace may take."""
_RULE, _NUMBER, _COMPILED = 1024, 32, 32  # bytes of a rule beside its texts, a measured wait, a compiled character


def bytes_of(rule: Rule) -> int:
    """Return how many bytes of memory a rule takes at most, with its compiled pattern."""
    texts = [text for text in (rule.code, rule.image_url, rule.model, rule.key) if text is not None]
    latency = rule.latency
    waits = len(latency.recorded or ()) if isinstance(latency, Latency) else 0
    return _RULE + memory_of(texts) + _NUMBER * waits + _COMPILED * len(rule.image_url or "")


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
