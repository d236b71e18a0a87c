"""Latency: what is drawn, what a seed repeats, and what is refused."""

from random import Random
from statistics import mean, median

import pytest

from emoji_mock.fake.network.latency import Latency, read_latency

KINDS = {
    "0.2": (Latency(constant=0.2), 0.2, 0.2),
    "uniform:0.1,0.3": (Latency(uniform=(0.1, 0.3)), 0.1, 0.3),
    "normal:0.2,0.05": (Latency(normal=(0.2, 0.05)), 0.0, 0.5),
    "lognormal:0.2,0.1": (Latency(lognormal=(0.2, 0.1)), 0.1, 0.4),
    "recorded:0.1,0.2,0.3": (Latency(recorded=(0.1, 0.2, 0.3)), 0.1, 0.3),
}


@pytest.mark.parametrize("text", KINDS)
def test_a_distribution_is_what_it_says(text):
    """A written latency is read; draws stay in range, have mean and median 0.2 s, and repeat by seed."""
    expected, least, most = KINDS[text]
    latency = read_latency(text)
    assert latency == expected
    random_source, again = Random(7), Random(7)
    drawn = [latency.draw(random_source) for _ in range(2000)]
    assert least <= min(drawn) <= max(drawn) <= most
    assert median(drawn) == pytest.approx(0.2, abs=0.02)
    assert mean(drawn) == pytest.approx(0.2, abs=0.02)
    assert drawn == [latency.draw(again) for _ in range(2000)]


def test_a_wait_is_never_negative_or_longer_than_an_hour():
    """A wide distribution is cut at 0 and at an hour."""
    random_source = Random(1)
    assert {Latency(normal=(0.0, 3600.0)).draw(random_source) >= 0 for _ in range(100)} == {True}
    assert max(Latency(lognormal=(3600.0, 3.0)).draw(random_source) for _ in range(100)) == 3600.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("soon", "must be seconds, or a distribution such as lognormal:0.2,0.5, not 'soon'"),
        ("gamma:1,2", "unknown distribution 'gamma'; choose from constant, uniform, normal, lognormal, recorded"),
        ("uniform:1", "uniform must have 2 numbers, not 1"),
        ("uniform:2,1", "uniform must go from less to more, not from 2 to 1"),
        ("lognormal:0,1", "the median of lognormal must be more than 0"),
        ("-1", "constant must be seconds from 0 to 3600, not -1.0"),
        ("nan", "constant must be seconds from 0 to 3600, not nan"),
        ("recorded:1,9999", "recorded must be seconds from 0 to 3600, not (1.0, 9999.0)"),
    ],
)
def test_a_bad_latency_is_refused(text, said):
    """The message says what is wrong, and what would be right."""
    with pytest.raises(ValueError) as error:
        read_latency(text)
    assert str(error.value) == f"latency: {said}"


def test_a_latency_is_one_distribution():
    """Two distributions at once, or none, are refused."""
    for arguments in ({}, {"constant": 1.0, "uniform": (0.1, 0.2)}):
        with pytest.raises(ValueError, match="exactly one of constant, uniform, normal, lognormal, recorded"):
            Latency(**arguments)
