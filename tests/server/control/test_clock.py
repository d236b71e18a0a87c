"""The fake's time over the control API: frozen, advanced, and back to the real time."""

import pytest
from control import ask
from helpers import raw_call

from emoji_mock.assembly import Fake

NOON = 1_764_417_600.0


def test_the_time_is_frozen_and_advanced(live):
    """A frozen time stands where it was set, goes on by what it is advanced, and dates the calls."""
    assert ask(live, "GET", "clock")[1]["frozen"] is False
    assert ask(live, "PUT", "clock", {"frozen": True, "at": NOON}) == (200, {"at": NOON, "frozen": True})
    assert ask(live, "PUT", "clock", {"advance": 90.5}) == (200, {"at": NOON + 90.5, "frozen": True})
    live.send(raw_call())
    assert [entry.at for entry in live.fake.store.journal().entries] == [NOON + 90.5]
    status, said = ask(live, "PUT", "clock", {"frozen": False})
    assert (status, said["frozen"], NOON + 90.5 <= said["at"] < NOON + 3600) == (200, False, True)


@pytest.mark.parametrize(("method", "path"), [("POST", "reset"), ("DELETE", "clock")])
def test_the_real_time_comes_back(live, method, path):
    """By a reset, or alone."""
    before = ask(live, "GET", "clock")[1]["at"]
    ask(live, "PUT", "clock", {"frozen": True, "at": NOON})
    assert ask(live, method, path)[0] == 200
    said = ask(live, "GET", "clock")[1]
    assert (said["frozen"], said["at"] >= before) == (False, True)


def test_a_reset_of_one_account_keeps_the_time(live):
    """The time is everyone's."""
    ask(live, "PUT", "clock", {"frozen": True, "at": NOON})
    ask(live, "POST", "reset?namespace=a")
    assert ask(live, "GET", "clock")[1] == {"at": NOON, "frozen": True}


@pytest.mark.parametrize(
    ("change", "field", "problem"),
    [
        ({"at": NOON}, "at", "must come with `frozen` set to true"),
        ({"frozen": True, "at": -1}, "at", "must be a number from 0 on"),
        ({"advance": -1}, "advance", "must be a number from 0 on"),
        ({"forward": 1}, "forward", "unknown field 'forward'; choose from frozen, at, advance"),
        (
            {"frozen": True, "at": 253086768000, "advance": 1},
            "clock",
            "advance by 1.0: must be from 0 (1970) to 253086768000 (9990) seconds since the epoch",
        ),
    ],
)
def test_a_wrong_time_is_named(live, change, field, problem):
    """The field, what is wrong, and what would be right."""
    status, said = ask(live, "PUT", "clock", change)
    assert (status, said) == (422, {"errors": [{"field": field, "problem": problem}]})


def test_a_programs_own_time_stays_its_own():
    """A function that says the time cannot be frozen from outside."""
    with pytest.raises(ValueError, match=r"^a function of the program that made the fake says the time"):
        Fake(clock=lambda: NOON).settable_clock()
