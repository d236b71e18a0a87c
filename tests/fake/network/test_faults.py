"""The table of faults."""

import pytest

from emoji_mock.fake.network.faults import FAULTS, End, FaultKind, Sends, fault_kind


def test_every_kind_has_a_row():
    """A kind without a row fails here, before anything that reads the table."""
    assert list(FAULTS) == list(FaultKind)
    assert [row.kind for row in FAULTS.values()] == list(FaultKind)


@pytest.mark.parametrize("row", FAULTS.values(), ids=lambda row: row.kind)
def test_the_parts_of_a_row_agree(row):
    """A closed connection raises, a kept one does not; only a lasting fault can time out; a page has a status."""
    assert (row.raises is not None) is (row.end is not End.KEEP)
    assert (row.times_out is not None) is (row.seconds is not None and row.end is not End.KEEP)
    assert (row.page[0] >= 500) is (row.sends is Sends.PAGE)
    assert row.end is End.KEEP if row.sends.is_response else row.sends in {*Sends} - {Sends.PAGE, Sends.CUT_JSON}
    assert row.meaning


def test_what_is_billed_and_what_lasts():
    """The kinds after which a call is billed, those that last, and those after which nothing was processed."""
    assert {kind for kind in FaultKind if kind.answered} == {
        "truncated_body",
        "stall_in_body",
        "drip",
        "malformed_json",
    }
    assert {kind: kind.row.seconds for kind in FaultKind if kind.lasts} == {"stall": 90, "stall_in_body": 90, "drip": 5}
    assert {kind for kind in FaultKind if kind.row.not_processed} == {"refused", "bad_gateway"}


def test_an_unknown_kind_is_refused_with_the_known_ones():
    """Hyphens and upper case are accepted; the message lists every kind."""
    assert fault_kind("Empty-Reply") is FaultKind.EMPTY_REPLY
    with pytest.raises(
        ValueError, match=r"^fault: unknown fault 'flood'; choose from refused, close, reset, "
    ) as error:
        fault_kind("flood")
    assert all(kind in str(error.value) for kind in FaultKind)
