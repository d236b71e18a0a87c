"""The bounds of the rules in a store, whatever keeps them."""

from collections.abc import Sequence

from emoji_mock.fake.rules.active_rule import (
    PATTERNS_OF_ONE,
    RULE_BYTES_OF_ONE,
    RULES_OF_ONE,
    SEARCHES_OF_ONE,
    bytes_of,
)
from emoji_mock.fake.rules.pattern import compile_pattern
from emoji_mock.fake.rules.rule import Rule
from emoji_mock.fake.store.ports import StoreFullError

RULES = 10_000
"""How many rules are kept for all namespaces, which share them (see Shares); everyone's come on top."""
RULE_BYTES = 64 * 1024 * 1024
"""How many bytes of memory the rules of all namespaces may take, everyone's apart."""


def require_room(wanted: Sequence[Rule]) -> None:
    """Reject more rules than one namespace may have. Raises StoreFullError."""
    patterns = [rule.image_url for rule in wanted if rule.image_url is not None]
    bounds = ""
    if len(wanted) > min(RULES_OF_ONE, RULES):
        bounds = f"a namespace holds at most {RULES_OF_ONE} rules, and the store {RULES}"
    elif sum(map(len, patterns)) > PATTERNS_OF_ONE:
        bounds = f"the image_url patterns of a namespace have at most {PATTERNS_OF_ONE} characters together"
    elif sum(compile_pattern(pattern).cost for pattern in patterns) > SEARCHES_OF_ONE:
        bounds = "too many image_url patterns of a namespace have `?` or `[` between two stars"
    elif sum(map(bytes_of, wanted)) > RULE_BYTES_OF_ONE:
        bounds = f"the rules of a namespace take at most {RULE_BYTES_OF_ONE} bytes of memory"
    if bounds:
        raise StoreFullError(f"{bounds}; clear some first")
