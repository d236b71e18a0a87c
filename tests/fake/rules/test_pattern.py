"""URL patterns mean what fnmatch means, and cost no more than a bound."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from emoji_mock import Rule
from emoji_mock.fake.rules import pattern as module
from emoji_mock.fake.rules.pattern import UrlPattern, compile_pattern
from emoji_mock.fake.store.memory import MemoryStore
from emoji_mock.fake.store.ports import StoreFullError


@given(st.text("*?ab[]!-^\\&~|", max_size=9), st.text("abc-]![\n", max_size=7))
@example("*a*a", "a")
@example("[*]b", "*b")
@example("a*[!]b]*", "axyz")
@example("[b-a]", "a")
@example("*?[a-c]*", "xxb")
def test_a_pattern_means_what_fnmatch_means(pattern, url):
    """Stars, question marks, brackets with all their exceptions, and brackets that are not closed."""
    assert UrlPattern(pattern).matches(url) == fnmatchcase(url, pattern)


@pytest.mark.parametrize(
    ("pattern", "cost"),
    [("https://example.com/me.png", 0), ("*/me-??.png", 0), ("*/a/*/b/*.png", 0), ("*/[ab]/*.png", 35), ("*?*", 33)],
)
def test_only_what_is_searched_costs(pattern, cost):
    """Plain text, and whatever begins or ends a pattern, is found at once."""
    assert UrlPattern(pattern).cost == cost


def test_searches_are_bounded():
    """Patterns that would take long are refused, with what makes them long."""
    store = MemoryStore()
    store.replace_rules([Rule(latency=1.0, image_url="*/[ab]/*")] * 117, "a")
    with pytest.raises(StoreFullError, match=r"have `\?` or `\[` between two stars; clear some first"):
        store.add_rule(Rule(latency=1.0, image_url="*/[ab]/*"), "a")
    assert len(store.rules("a")) == 117


def test_no_lock_is_held_while_patterns_are_compared(monkeypatch):
    """Another call gets its answer meanwhile, and a rule that goes meanwhile is not used."""
    store = MemoryStore()
    store.add_rule(Rule(latency=1.0), "a")

    def matches(*_):
        assert store.clear_rules("a") == 1
        return True

    monkeypatch.setattr(Rule, "matches", matches)
    assert store.take_rules("a", None) == ()


def test_compiled_patterns_are_bounded_in_characters(monkeypatch):
    """Patterns of rules that were replaced or refused stay only as far as all together have few characters."""
    compile_pattern.cache_clear()
    monkeypatch.setattr(module._cached, "characters", 0)
    monkeypatch.setattr(module, "COMPILED", 1000)
    for number in range(100):
        compile_pattern(f"{number:03}{'x' * 97}")
        assert compile_pattern.cache_info().currsize <= 10
    assert compile_pattern("099" + "x" * 97) is compile_pattern("099" + "x" * 97)


def test_a_reset_frees_few_long_patterns_too():
    """Three patterns at the bound of a namespace are forgotten with its rules."""
    compile_pattern.cache_clear()
    store = MemoryStore()
    for number in range(3):
        store.replace_rules([Rule(outcome="passed", image_url=f"*{number}{'x' * 60_000}*")], f"n{number}")
    store.clear_rules()
    assert compile_pattern.cache_info().currsize == 0
