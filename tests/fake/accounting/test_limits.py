"""Limits: their fields, and that a mistake is named by field."""

from decimal import Decimal

import msgspec
import pytest

from emoji_mock import Limits, Options
from emoji_mock.fake.accounting.limits import LimitsGiven, limits_of_model, limits_of_tasks, make_limits, read_limits


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("rps=1", Limits(rps=1)),
        ("rps=1,images=200 retry_after=true", Limits(rps=1, images=200, retry_after=True)),
        ("burst=2, concurrency=3, task_qps=20", Limits(burst=2, concurrency=3, task_qps=20)),
        ("spend=0.8", Limits(spend=0.8)),
        ("documented", Limits(documented=True)),
        ("documented=true retry_after seconds=100", Limits(documented=True, retry_after=True, seconds=100)),
        ("", Limits()),
    ],
)
def test_limits_as_a_person_writes_them(text, limits):
    """Names and values, separated by commas or blanks."""
    assert read_limits(text) == limits


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "rpx=1",
            "limits: unknown limit 'rpx'; did you mean rps? Choose from rps, burst, concurrency, task_qps, images, seconds, spend, retry_after",
        ),
        ("rps", "limits: rps has no value; write it like rps=1"),
        ("rps=often", "rps: must be a whole number, not 'often'"),
        ("rps=0", "rps: must be a whole number from 1 on, not 0"),
        ("rps=1001", "rps: must be a whole number up to 1000, not 1001"),
        ("images=-1", "images: must be a whole number from 0 on, not -1"),
        ("retry_after=perhaps", "retry_after: must be true or false, not 'perhaps'"),
        ("spend=much", "spend: must be an amount in CNY such as 0.8, not 'much'"),
        ("spend=-1", "spend: must be an amount in CNY such as 0.8, not '-1'"),
        ("spend=nan", "spend: must be an amount in CNY such as 0.8, not 'nan'"),
    ],
)
def test_a_mistake_is_named_by_field(text, said):
    """One line names the field and what would be right."""
    with pytest.raises(ValueError) as error:
        read_limits(text)
    assert str(error.value).startswith(said)


@pytest.mark.parametrize("given", [{"rps": True}, {"rps": "1"}, {"rps": 1.5}, {"retry_after": 1}])
def test_a_value_of_another_type_is_named_by_field(given):
    """Types that Python would accept are checked, too."""
    with pytest.raises(ValueError, match=rf"^{next(iter(given))}: "):
        Limits(**given)


def test_money_may_be_given_in_several_ways():
    """As a number or as text, from JSON or TOML."""
    assert msgspec.json.decode(b'{"spend":0.012}', type=Limits).spend == 0.012
    assert (
        msgspec.convert({"spend": 0.1}, Limits).spend
        == Limits(spend="0.1").spend
        == Limits(spend=Decimal("0.1")).spend
        == 0.1
    )


def test_some_limits_change_and_the_rest_stay():
    """A field that is given replaces, None removes, and a typo lists the fields."""
    before = Limits(rps=1, images=200)
    assert make_limits({"rps": None, "burst": 2}, before) == Limits(burst=2, images=200)
    with pytest.raises(TypeError, match=r"^unknown limit 'rpz'; did you mean rps\? Choose from rps, burst, "):
        make_limits({"rpz": 1}, before)


def test_every_limit_can_be_given_by_keyword():
    """The keywords for type checkers are the fields."""
    assert tuple(LimitsGiven.__annotations__) == Limits.__struct_fields__


def test_options_take_nothing_but_limits():
    """A dict in their place is refused by name."""
    with pytest.raises(ValueError, match=r"^limits: must be like Limits\(rps=1, images=200\), not \{'rps': 1\}"):
        Options(limits={"rps": 1})


@pytest.mark.parametrize(
    ("limits", "model", "numbers"),
    [
        (Limits(documented=True), "emoji-detect-v1", (1, 200, None)),
        (Limits(documented=True), "wan2.2-s2v-detect", (5, 200, None)),
        (Limits(documented=True), "wan2.2-s2v", (5, None, 100)),
        (Limits(documented=True), "videoretalk", (1, None, 1800)),
        (Limits(documented=True, rps=3, images=7), "liveportrait-detect", (3, 7, None)),
        (Limits(documented=True, seconds=0), "emoji-v1", (1, None, 0)),
        (Limits(documented=True), "no-such-model", (None, None, None)),
        (Limits(rps=2), "wan2.2-s2v", (2, None, None)),
    ],
)
def test_documented_limits_are_each_models_own(limits, model, numbers):
    """What is given goes before them."""
    held_to = limits_of_model(limits, model)
    assert (held_to.rps, held_to.images, held_to.seconds) == numbers


@pytest.mark.parametrize(
    ("limits", "rate"),
    [
        (Limits(documented=True), 20),
        (Limits(documented=True, task_qps=3), 3),
        (Limits(task_qps=4), 4),
        (Limits(), None),
    ],
)
def test_the_documented_rate_of_tasks(limits, rate):
    """Twenty a second."""
    held_to = limits_of_tasks(limits)
    assert (held_to and held_to.rps) == rate
