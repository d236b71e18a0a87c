"""Rules one by one: their order changes and one of them goes, while the others keep their counts."""

import pytest
from control import ask
from helpers import raw_call

from emoji_mock import Rule


@pytest.fixture
def numbers(live):
    """The numbers of two rules of a: an error, tried first, and a failure; the error was used once."""
    live.fake.store.add_rule(Rule(outcome="failed", code="Value"), "a")
    live.fake.store.add_rule(Rule(outcome="error", code="RateQuota"), "a")
    assert live.send(raw_call(key="sk-mock-a"))[0][0] == 429
    return [active.id for active in live.fake.store.rules("a")]


def test_rules_are_ordered(live, numbers):
    """The named ones are tried first, the others behind them as they were; the counts stay."""
    status, rules = ask(live, "PATCH", "rules?namespace=a", {"first": [numbers[1]]})
    assert status == 200
    assert [(one["rule"]["code"], one["used"]) for one in rules] == [
        ("InvalidFile.Value", 0),
        ("Throttling.RateQuota", 1),
    ]
    assert b"InvalidFile.Value" in live.send(raw_call(key="sk-mock-a"))[0][2]


@pytest.mark.parametrize("first", [[7], [1, 1]], ids=["unknown", "twice"])
def test_a_wrong_order_changes_nothing(live, numbers, first):
    """A number that no rule of the namespace has, or one that comes twice, is named."""
    status, said = ask(live, "PATCH", "rules?namespace=a", {"first": first})
    problem = f"{first[-1]} must be the number of a rule of 'a', and be given once"
    assert (status, said) == (422, {"errors": [{"field": "first", "problem": problem}]})
    assert [active.id for active in live.fake.store.rules("a")] == numbers


def test_a_rule_is_removed(live, numbers):
    """It is returned as it was, the others stay; a number that is gone is 404."""
    status, removed = ask(live, "DELETE", f"rules/{numbers[0]}")
    assert (status, removed["rule"]["code"], removed["used"]) == (200, "Throttling.RateQuota", 1)
    assert [active.id for active in live.fake.store.rules()] == numbers[1:]
    status, said = ask(live, "DELETE", f"rules/{numbers[0]}")
    problem = f"no rule has the number {numbers[0]}; GET /_mock/rules lists them"
    assert (status, said) == (404, {"errors": [{"field": "number", "problem": problem}]})


@pytest.mark.parametrize(
    ("method", "path", "field", "problem"),
    [
        ("DELETE", "rules/first", "number", "must be a whole number"),
        ("GET", "journal?after=x", "after", "must be a whole number"),
        ("GET", "journal?limit=0", "limit", "must be greater than or equal to 1"),
        ("GET", f"journal?namespace={'a' * 129}", "namespace", "must have at most 128 characters, not 129"),
    ],
)
def test_a_wrong_parameter_is_named_with_what_it_must_be(live, method, path, field, problem):
    """The words are those of the other messages, not those of a library."""
    assert ask(live, method, path) == (422, {"errors": [{"field": field, "problem": problem}]})
