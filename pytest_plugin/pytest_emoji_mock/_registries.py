"""Which book a test has: its own, or that of the session whose fixtures it uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from emoji_mock.testing.rule_registry import RuleRegistry

BOOK = pytest.StashKey["RuleRegistry"]()
STRICT = pytest.StashKey[bool]()
"""Whether every rule of a test's book must be used."""
SESSION_BOOK = pytest.StashKey["RuleRegistry"]()

_FOR_A_SESSION = frozenset({"emoji_api_session", "emoji_server_session"})


def book_of(item: pytest.Item) -> RuleRegistry | None:
    """Return the book that a test has to do with, if there is one."""
    if BOOK in item.stash or _FOR_A_SESSION.isdisjoint(_fixtures(item)):
        return item.stash.get(BOOK, None)
    return item.config.stash.get(SESSION_BOOK, None)


def is_read(item: pytest.Item) -> bool:
    """Say whether a mark on a test can reach its fake: a session's was made before."""
    names = _fixtures(item)
    return "_emoji_book" in names or _FOR_A_SESSION.isdisjoint(names)


def drop_book(item: pytest.Item) -> None:
    """Let go of the book of a test that is over: a run has many tests, and a book keeps calls."""
    if BOOK in item.stash:
        del item.stash[BOOK]


def _fixtures(item: pytest.Item) -> list[str]:
    names: list[str] = getattr(item, "fixturenames", [])
    return names
