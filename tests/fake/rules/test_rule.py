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
        ({"outcome": "passed", "code": "FacePose"}, "code: a rule for passed must have none"),
        ({"outcome": "failed"}, "code: a rule for failed must have one, such as FacePose or RateQuota"),
        ({"outcome": "failed", "code": "RateQuota"}, "code: 'RateQuota' must have the outcome error, not failed"),
        (
            {"outcome": "error", "code": "Timeout"},
            "code: 'Timeout' is ambiguous; choose from InternalError.Timeout, InvalidURL.Timeout",
        ),
        ({"outcome": "passed", "face": (1.5, 2, 3, 4)}, "face: must be 4 whole numbers of pixels, not [1.5, 2, 3, 4]"),
        ({"outcome": "passed", "face": (1, 2, 3)}, "face: must be 4 whole numbers of pixels, not [1, 2, 3]"),
        ({"outcome": "passed", "image_size": (640,)}, "image_size: must be 2 whole numbers of pixels, not [640]"),
        ({"outcome": "passed", "times": 0}, "times: must be 1 or more, not 0"),
        (
            {"outcome": "error", "code": "RateQuota", "face": (1, 1, 2, 2)},
            "face: must be left out unless the outcome is passed",
        ),
        (
            {"outcome": "passed", "face": (5, 1, 2, 2)},
            "face: must be a box [x1, y1, x2, y2] inside the picture, not [5, 1, 2, 2]",
        ),
        (
            {"outcome": "passed", "face": (1, 1, 9, 401), "image_size": (400, 400)},
            "face: must be a box [x1, y1, x2, y2] inside the picture, not [1, 1, 9, 401]",
        ),
        (
            {"outcome": "passed", "image_size": (0, 8)},
            "image_size: must have sides from 400 to 7000 pixels, not [0, 8]",
        ),
        (
            {"outcome": "passed", "image_size": (224, 300), "model": "animate-anyone-detect-gen2"},
            "image_size: must have sides from 225 to 4096 pixels, not [224, 300]",
        ),
        ({"outcome": "maybe"}, "outcome: unknown outcome 'maybe'; choose from passed, failed, error"),
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
    with pytest.raises(ValueError, match="at most 16 stars"):
        Rule(outcome="passed", image_url="*a" * 20)
    assert Rule(outcome="passed", image_url="https://*").matches(ASKED._replace(image_url="https://" + "a" * 6_000_000))
