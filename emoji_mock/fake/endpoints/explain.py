"""What is known of an answer, told to a person: when it comes, its bytes, the bill, the source, how to get it."""

from msgspec import Struct

from emoji_mock.contract.endpoint import RESULT_HOST, EndpointName
from emoji_mock.contract.provenance import SOURCES, Known
from emoji_mock.contract.row import Origin, Outcome, Row
from emoji_mock.fake import responses
from emoji_mock.fake.rules import magic_urls

SAMPLE_ID = "00000000-0000-9000-8000-000000000000"
"""Stands for the request id in examples."""


class CatalogueEntry(Struct, frozen=True):
    """A row of the catalogue, ready to be shown."""

    name: str
    code: str
    outcome: Outcome
    status: int
    message: str
    billed: bool
    when: str
    body: str
    known: list[Known]
    sources: list[str]
    date: str
    note: str
    provoke: list[str]


def explain(row: Row) -> CatalogueEntry:
    """Return everything that is known of `row`."""
    told = row.provenance
    return CatalogueEntry(
        name=row.name,
        code=row.code or "",
        outcome=row.outcome,
        status=row.status,
        message=row.message,
        billed=row.outcome.billed,
        when=row.when,
        body=responses.refused(row, row.text(), SAMPLE_ID, status=row.status).decode(),
        known=list(told.known),
        sources=[f"{name}: {SOURCES[name]}" for name in told.sources],
        date=told.date,
        note=told.note,
        provoke=provocations(row),
    )


def provocations(row: Row) -> list[str]:
    """Return every way to get this answer from the fake."""
    if row.only_for:
        return [row.provoke]
    storage = EndpointName.VIDEO if row.host == RESULT_HOST else EndpointName.STORAGE
    endpoint = f',"endpoint":"{storage}"' if row.origin is Origin.STORAGE else ""
    ways = [f'a rule: {{"outcome":"{row.outcome}","code":"{row.name}"{endpoint}}}']
    if not endpoint:
        ways.insert(0, f"image_url {magic_urls.url_for(row)}")
    return [row.provoke, *ways] if row.provoke else ways
