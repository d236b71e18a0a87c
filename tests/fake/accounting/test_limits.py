"""Limits: their fields, and that a mistake is named by field."""

from decimal import Decimal

import msgspec
import pytest

from emoji_mock import Limits, Options
from emoji_mock.fake.accounting.limits import LimitsGiven, make_limits, read_limits


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("rps=1", Limits(rps=1)),
        ("rps=1,images=200 retry_after=true", Limits(rps=1, images=200, retry_after=True)),
        ("burst=2, concurrency=3, task_qps=20", Limits(burst=2, concurrency=3, task_qps=20)),
        ("spend=0.8", Limits(spend=0.8)),
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
            "limits: unknown limit 'rpx'; choose from rps, burst, concurrency, task_qps, images, spend, retry_after",
        ),
        ("rps", "limits: rps needs a value, such as rps=1"),
        ("rps=often", "rps: 'often' is not a whole number"),
        ("rps=0", "rps: 0 is not a whole number from 1 on"),
        ("rps=1001", "rps: 1001 is not a whole number up to 1000"),
        ("images=-1", "images: -1 is not a whole number from 0 on"),
        ("retry_after=perhaps", "retry_after: 'perhaps' is not true or false"),
        ("spend=much", "spend: 'much' is not an amount in CNY, such as 0.8"),
        ("spend=-1", "spend: '-1' is not an amount in CNY, such as 0.8"),
        ("spend=nan", "spend: 'nan' is not an amount in CNY, such as 0.8"),
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
    with pytest.raises(TypeError, match=r"^unknown limit 'rpz'; choose from rps, burst, "):
        make_limits({"rpz": 1}, before)


def test_every_limit_can_be_given_by_keyword():
    """The keywords for type checkers are the fields."""
    assert tuple(LimitsGiven.__annotations__) == Limits.__struct_fields__


def test_options_take_nothing_but_limits():
    """A dict in their place is refused by name."""
    with pytest.raises(ValueError, match=r"^limits: \{'rps': 1\} are no Limits\("):
        Options(limits={"rps": 1})
