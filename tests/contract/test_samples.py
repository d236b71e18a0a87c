"""The sample documents and the catalogue, held one to one: the documents were written out from the contract."""

import json

import pytest
from helpers import masked

from emoji_mock.contract import samples
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.fake import responses

ID = "33da8e6b-1309-9a44-be83-352165959608"


def test_there_is_a_sample_for_every_row_and_one_that_passed():
    """No row lacks its document, and no document its row."""
    assert samples.names() == sorted([*(row.name for row in ROWS), "passed"])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_row_and_sample_say_the_same(row):
    """Status, billing, provenance and every byte of the body agree."""
    sample = samples.response(row.name)
    compact = json.dumps(sample["body"], ensure_ascii=False, separators=(",", ":")) if sample["body"] else ""
    compact = sample["body"] if isinstance(sample["body"], str) else compact  # XML
    assert sample["outcome"] == row.outcome
    assert sample["status"] == row.status
    assert sample["billed"] is row.outcome.billed
    assert sample["provenance"]["known"] == [str(mark) for mark in row.provenance.known]
    assert sample["provenance"]["sources"] == list(row.provenance.sources)
    assert sample["provenance"]["date"] == row.provenance.date
    assert responses.refused(row, row.text(), ID, status=row.status).decode() == compact


def test_samples_hold_no_other_request_id():
    """All samples show the same made-up request id."""
    assert all(masked(json.dumps(samples.response(name))).count("ID") <= 1 for name in samples.names())
