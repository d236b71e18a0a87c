"""Rules: what they say, whom they mean, and what makes none."""

import pytest

from emoji_mock import Rule
from emoji_mock.fake.accounting.api_keys import fingerprint
from emoji_mock.fake.rules.rule import RequestFacts

ASKED = RequestFacts("emoji-detect-v1", "https://example.com/blurred/me.png", fingerprint("sk-mock-a"))


@pytest.mark.parametrize(
    ("criteria", "meant"),
    [
        ({}, True),
        ({"image_url": "*/blurred/*"}, True),
        ({"image_url": "*/sharp/*"}, False),
        ({"image_url": "https://example.com/blurred/me.png"}, True),
        ({"image_url": "*/BLURRED/*"}, False),
        ({"model": "emoji-detect-v1"}, True),
        ({"model": "emoji"}, False),
        ({"key": "sk-mock-a"}, True),
        ({"key": "sk-mock-b"}, False),
        ({"key": fingerprint("sk-mock-a")}, True),
        ({"image_url": "*me.png", "model": "other"}, False),
    ],
    ids=str,
)
def test_a_rule_means_a_call_if_every_criterion_fits(criteria, meant):
    """Pictures are matched by shell pattern, model and key whole, and all must fit."""
    assert Rule(outcome="passed", **criteria).matches(ASKED) is meant


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"outcome": "passed", "code": "FacePose"}, "code: a rule for passed takes none"),
        ({"outcome": "failed"}, "code: a rule for failed needs one, such as FacePose or RateQuota"),
        ({"outcome": "failed", "code": "RateQuota"}, "code: 'RateQuota' ends in error, not in failed."),
        (
            {"outcome": "error", "code": "Timeout"},
            "code: 'Timeout' is ambiguous; choose from InternalError.Timeout, InvalidURL.Timeout",
        ),
        ({"outcome": "passed", "face": (1.5, 2, 3, 4)}, "face: [1.5, 2, 3, 4] are not 4 whole numbers"),
        ({"outcome": "passed", "face": (1, 2, 3)}, "face: [1, 2, 3] are not 4 whole numbers of pixels"),
        ({"outcome": "passed", "image_size": (640,)}, "image_size: [640] are not 2 whole numbers of pixels"),
        ({"outcome": "passed", "times": 0}, "times: 0 is less than 1"),
        ({"outcome": "error", "code": "RateQuota", "face": (1, 1, 2, 2)}, "face: only a rule for passed can say it"),
        ({"outcome": "passed", "face": (5, 1, 2, 2)}, "face: [5, 1, 2, 2] is no box"),
        ({"outcome": "passed", "face": (1, 1, 9, 401), "image_size": (400, 400)}, "face: [1, 1, 9, 401] is no box"),
        ({"outcome": "passed", "image_size": (0, 8)}, "image_size: [0, 8] has a side outside 400 to 7000 pixels"),
        (
            {"outcome": "passed", "image_size": (224, 300), "model": "animate-anyone-detect-gen2"},
            "image_size: [224, 300] has a side outside 225 to 4096 pixels",
        ),
        ({"outcome": "maybe"}, "outcome: 'maybe' is none of passed, failed, error"),
    ],
    ids=str,
)
def test_a_senseless_rule_is_refused(arguments, said):
    """The message names the field, what was wrong, and what would be right."""
    with pytest.raises(ValueError) as error:
        Rule(**arguments)
    assert str(error.value).startswith(said)


def test_a_rule_keeps_no_key():
    """Of a key only its fingerprint stays."""
    assert "sk-mock-secret" not in repr(Rule(outcome="passed", key="sk-mock-secret"))


def test_a_pattern_is_bounded():
    """A pattern that would take for ever is refused, and of a huge URL only the start is looked at."""
    with pytest.raises(ValueError, match="more than 16 stars"):
        Rule(outcome="passed", image_url="*a" * 20)
    assert Rule(outcome="passed", image_url="https://*").matches(ASKED._replace(image_url="https://" + "a" * 6_000_000))
