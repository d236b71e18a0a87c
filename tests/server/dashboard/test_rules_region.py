"""The region of rules: each in words, in the order in which they are tried, and the form for a new one."""

import pytest
from helpers import URL, call

from emoji_mock import Fake, Rule
from emoji_mock.fake.network.latency import Latency
from emoji_mock.server.dashboard.regions import REGIONS
from emoji_mock.server.dashboard.views import rules

HTML = {region.name: region.html for region in REGIONS}


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ({"outcome": "passed"}, "passed"),
        ({"outcome": "failed", "code": "Value", "times": 3}, "failed, InvalidFile.Value"),
        ({"outcome": "error", "code": "RateQuota", "retry_after": 2}, "error, Throttling.RateQuota, Retry-After 2 s"),
        ({"fault": "stall", "seconds": 90}, "fault stall, for 90 s"),
        ({"latency": 1.5}, "1.5 s late"),
        ({"latency": Latency(uniform=(1, 2))}, "late by a distribution"),
        (
            {"outcome": "passed", "face": (1, 2, 401, 402), "image_size": (640, 800)},
            "passed, face [1, 2, 401, 402], picture of 640 × 800",
        ),
    ],
)
def test_an_answer_is_told_in_words(given, answer):
    """The outcome with its code or the fault, and what more the rule says."""
    assert rules.answer_of(Rule(**given)) == answer


def test_a_rule_says_for_which_calls_it_is():
    """In the words that the journal has for it; a key by mistake is shown as its fingerprint."""
    fake = Fake()
    fake.store.add_rule(Rule(outcome="passed", image_url="*/me.png"), "a")
    fake.store.add_rule(Rule(outcome="passed", image_url="*sk-secret-key*"), "b")
    fake.answer(call(key="sk-mock-a"))
    (mine,), (hidden,) = (account.rows for account in rules.view(fake).accounts)
    assert mine.scope == fake.store.journal().entries[0].reason == "rule for image_url '*/me.png'"
    assert hidden.scope.startswith("rule for image_url '*key:")


def test_rules_are_listed_in_their_order():
    """An account's own before everyone's, each with its count."""
    fake = Fake()
    fake.store.add_rule(Rule(outcome="passed"))
    for code in ("Value", "FacePose"):
        fake.store.add_rule(Rule(outcome="failed", code=code, times=1), "b")
    fake.store.add_rule(Rule(outcome="passed"), "a")
    fake.answer(call(key="sk-mock-b"))
    listed = [
        (account.namespace, [(row.active.rule.code, row.active.used) for row in account.rows])
        for account in rules.view(fake).accounts
    ]
    assert listed == [
        ("a", [(None, 0)]),
        ("b", [("InvalidFile.FacePose", 1), ("InvalidFile.Value", 0)]),
        ("*", [(None, 0)]),
    ]
    html = HTML["rules"](fake)
    assert "used 1 of 1 times" in html
    assert html.count("used up") == 1


def test_long_lists_are_bounded():
    """Rules and accounts beyond the bounds are counted; everyone's are shown in any case."""
    fake = Fake()
    fake.store.replace_rules([Rule(outcome="passed")] * (rules.SHOWN + 1))
    for number in range(rules.ACCOUNTS):
        fake.store.add_rule(Rule(outcome="passed"), f"{number:02}")
    shown = rules.view(fake)
    assert (len(shown.accounts), shown.others, shown.accounts[-1].namespace) == (rules.ACCOUNTS, 1, "*")
    assert shown.accounts[-1].left_out == 1
    html = HTML["rules"](fake)
    assert "1 more rules, tried after these" in html
    assert "1 more accounts have rules" in html


def test_every_answer_that_the_form_offers_is_taken():
    """Each code by its outcome, each fault."""
    offered = rules.view(Fake())
    made = [Rule(outcome=outcome, code=code) for outcome, codes in offered.codes.items() for code in codes]
    made += [Rule(fault=fault) for fault in offered.faults]
    assert len(made) > 60


def test_every_choice_of_the_form_is_taken():
    """Each model, each endpoint."""
    offered = rules.view(Fake())
    for model in offered.models:
        Rule(fault="reset", model=model)
    for endpoint in offered.endpoints:
        Rule(fault="reset", endpoint=endpoint)
    assert "emoji-detect-v1" in offered.models
    assert "face_detect" in offered.endpoints


@pytest.mark.parametrize("region", ["rules", "limits", "time", "money", "findings"])
def test_what_callers_send_is_escaped(region):
    """The name of an account, and the texts of rules and calls."""
    fake = Fake()
    hostile = "<script>alert(1)</script>\"'"
    fake.store.add_rule(Rule(outcome="passed", image_url=f"*{hostile}*"), hostile)
    for _ in range(2):
        fake.answer(call(key=f"sk-mock-{hostile}", payload=None, x_a=hostile))
    html = HTML[region](fake)
    assert "<script" not in html
    assert URL not in html or region == "findings"
