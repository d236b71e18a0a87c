"""The journal says why a call ended as it did, where the request alone does not."""

import pytest
from helpers import body, call

from emoji_mock import Fake, Limits, Options, Rule

PICTURE = "https://example.com/you.png"


@pytest.mark.parametrize(
    ("options", "rule", "calls", "reason"),
    [
        ({}, None, [{}], ""),
        ({}, None, [{"image_url": "https://emoji-mock.test/failed/FacePose.png"}], ""),
        ({}, Rule(outcome="failed", code="FacePose"), [{}], "rule for every call"),
        ({}, Rule(outcome="passed", image_url="*/you.png"), [{}], "rule for image_url '*/you.png'"),
        ({}, Rule(fault="reset", chance=1), [{}], "rule for every call, chance 1"),
        ({}, Rule(latency=0.1), [{}], ""),
        ({"limits": Limits(rps=1)}, None, [{}, {}], "limit rps=1"),
        ({"limits": Limits(images=1)}, None, [{}, {}], "limit images=1 is used up"),
        ({"limits": Limits(spend="0.004")}, None, [{}, {}], "limit spend=0.004 is used up"),
        ({"retired": True}, None, [{}], "option --retired"),
        ({"as_of": "2026-10-10"}, None, [{}], "retired as of 2026-10-10"),
        ({}, None, [{"key": "sk-mock-arrears"}], "reserved key"),
        ({}, None, [{"key": "sk-mock-throttled"}], "reserved key"),
    ],
)
def test_the_entry_names_what_decided(options, rule, calls, reason):
    """The rule by what it is for, the limit by its value, the option, the key; nothing for what the URL says."""
    fake = Fake(Options(**options))
    if rule is not None:
        fake.store.add_rule(rule)
    for each in calls:
        fake.answer(call(body(each.pop("image_url", PICTURE)), **each))
    assert fake.store.journal().entries[-1].reason == reason
