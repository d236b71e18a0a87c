"""The rule registry of a test: its own, or that of the session whose fixtures it uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from emoji_mock.testing.rule_registry import RuleRegistry

REGISTRY = pytest.StashKey["RuleRegistry"]()
STRICT = pytest.StashKey[bool]()
"""Whether every rule of the test must be used."""
SESSION_REGISTRY = pytest.StashKey["RuleRegistry"]()

_FOR_A_SESSION = frozenset({"emoji_api_session", "emoji_server_session"})


def registry_of(item: pytest.Item) -> RuleRegistry | None:
    """Return the registry that a test uses, or None."""
    if REGISTRY in item.stash or _FOR_A_SESSION.isdisjoint(_fixtures(item)):
        return item.stash.get(REGISTRY, None)
    return item.config.stash.get(SESSION_REGISTRY, None)


def mark_applies(item: pytest.Item) -> bool:
    """Return whether a mark on the test has an effect: a session's fake was made before."""
    names = _fixtures(item)
    return "_emoji_registry" in names or _FOR_A_SESSION.isdisjoint(names)


def drop_registry(item: pytest.Item) -> None:
    """Free the registry of a finished test, since it keeps the calls."""
    if REGISTRY in item.stash:
        del item.stash[REGISTRY]


def _fixtures(item: pytest.Item) -> list[str]:
    names: list[str] = getattr(item, "fixturenames", [])
    return names
