"""The catalogue: one row an answer, each found by what a person would type."""

import pytest

from emoji_mock import Code, Outcome
from emoji_mock.contract.catalogue import ROWS, UnknownCodeError, find, find_all
from emoji_mock.contract.provenance import SOURCES, Known
from emoji_mock.contract.rows import animate_anyone, emo, liveportrait, wan_s2v

SIBLINGS = [
    row for module in (emo, wan_s2v, liveportrait, animate_anyone) for row in vars(module).values() if row in ROWS
]


def test_every_code_has_a_row():
    """Each code of the enum has a row."""
    assert {row.code for row in ROWS} - {None} == set(Code)


def test_names_are_unique():
    """A row's name means that row alone."""
    assert len({row.name.casefold() for row in ROWS}) == len(ROWS) == 97


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_says_how_it_is_known(row):
    """A row names its marks, its sources and the day."""
    assert row.provenance.known
    assert set(row.provenance.known) <= set(Known)
    assert row.provenance.sources
    assert set(row.provenance.sources) <= set(SOURCES)
    assert row.provenance.date == ("2026-11-28" if row in SIBLINGS else "2026-11-22")
    assert row.when


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("InvalidFile.FacePose", "InvalidFile.FacePose"),
        ("FacePose", "InvalidFile.FacePose"),
        ("facepose", "InvalidFile.FacePose"),
        (" RateQuota ", "Throttling.RateQuota"),
        ("Throttling", "Throttling"),
        ("AccessDenied", "access-denied"),
        ("InvalidApiKey", "invalid-api-key"),
        ("InvalidParameter", "body-invalid"),
        ("model-not-exist", "model-not-exist"),
        ("InvalidURL.Timeout", "InvalidURL.Timeout"),
        ("not-found", "not-found"),
    ],
)
def test_a_person_finds_a_row(typed, name):
    """A code, the end of a code, or a row's name finds the row, in any case of letters."""
    assert find(typed).name == name


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("FacePoze", "unknown code 'FacePoze'; did you mean FacePose, InvalidFile.FacePose or FullFace?"),
        ("Timeout", "'Timeout' is ambiguous; choose from InternalError.Timeout, InvalidURL.Timeout"),
        ("xyzzy", "unknown code 'xyzzy'; `emoji-mock catalogue` lists all codes"),
        ("", "unknown code ''; `emoji-mock catalogue` lists all codes"),
    ],
)
def test_an_unknown_code_names_the_nearest(typed, said):
    """A name that means nothing, or several codes, is refused with what would be right."""
    with pytest.raises(UnknownCodeError) as error:
        find(typed)
    assert str(error.value) == said


def test_an_outcome_narrows_the_search():
    """A code that exists, but not for this outcome, is unknown here."""
    assert find("Size", Outcome.ERROR).name == "InvalidFile.Size"
    with pytest.raises(UnknownCodeError, match="'Size' must have the outcome error, not failed"):
        find("Size", Outcome.FAILED)
    assert find("SignatureDoesNotMatch").status == 403
    with pytest.raises(
        UnknownCodeError, match="'SignatureDoesNotMatch' comes from the storage, and no picture gets it"
    ):
        find("SignatureDoesNotMatch", Outcome.ERROR)


def test_a_code_with_several_rows_gives_them_all():
    """`explain InvalidApiKey` shows both messages."""
    assert [row.message for row in find_all("InvalidApiKey")] == ["Invalid API-key provided.", "No API-key provided."]


def test_only_a_look_at_a_picture_is_billed():
    """Passed and failed are billed; errors, and what looks at no picture, are not."""
    billed = {outcome.value: outcome.billed for outcome in Outcome}
    assert billed == {"passed": True, "failed": True, "error": False, "done": False, "fault": False}
