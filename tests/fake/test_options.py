"""Options: an error names the field."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from emoji_mock import Options

CHINA = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"failed_as": 500}, "failed_as: must be 200 or 400, not 500"),
        ({"journal_size": 0}, "journal_size: must be from 1 to 10000000, not 0"),
        ({"seed": 2**64}, "seed: must be a whole number of 64 bits, not 18446744073709551616"),
        (
            {"as_of": "soon"},
            "as_of: must be a date such as 2026-10-10 or a time such as 2026-10-09T16:00Z, not 'soon'",
        ),
        (
            {"as_of": time(8)},
            "as_of: must be a date such as 2026-10-10 or a time such as 2026-10-09T16:00Z, not datetime.time(8, 0)",
        ),
    ],
)
def test_a_senseless_value_is_refused(given, said):
    """The message names the field."""
    with pytest.raises(ValueError) as error:
        Options(**given)
    assert str(error.value) == said


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (date(2026, 10, 10), datetime(2026, 10, 10, tzinfo=CHINA)),
        (datetime.fromisoformat("2026-10-10T08:00"), datetime(2026, 10, 10, 8, tzinfo=CHINA)),
        (datetime(2026, 10, 10, 8, tzinfo=UTC), datetime(2026, 10, 10, 16, tzinfo=CHINA)),
        (" 2026-10-10 ", datetime(2026, 10, 10, tzinfo=CHINA)),
        (None, None),
    ],
)
def test_a_day_is_one_in_china(given, meant):
    """A date is its first moment there, and a time without a zone is one there."""
    assert Options(as_of=given).as_of == meant


def test_a_typo_is_a_type_error():
    """Options are keyword-only and known by name."""
    with pytest.raises(TypeError, match="retierd"):
        Options(retierd=True)
