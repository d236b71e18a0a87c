"""Explain a row of the catalogue: when it comes, its bytes, whether it is billed, its source, how to provoke it."""

from msgspec import Struct

from emoji_mock.contract.provenance import SOURCES, Known
from emoji_mock.contract.row import Origin, Outcome, Row
from emoji_mock.fake import responses
from emoji_mock.fake.endpoints.registry import REGISTRY, EndpointRegistry
from emoji_mock.fake.rules import magic_urls

SAMPLE_ID = "00000000-0000-9000-8000-000000000000"
"""The request id in examples."""


class CatalogueEntry(Struct, frozen=True):
    """A row of the catalogue, as it is shown: with an example body and the ways to provoke it."""

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


def explain(row: Row, registry: EndpointRegistry = REGISTRY) -> CatalogueEntry:
    """Return all that is known of `row`."""
    provenance = row.provenance
    return CatalogueEntry(
        name=row.name,
        code=row.code or "",
        outcome=row.outcome,
        status=row.status,
        message=row.message,
        billed=row.outcome.billed,
        when=row.when,
        body=responses.refused(row, row.text(), SAMPLE_ID, status=row.status).decode(),
        known=list(provenance.known),
        sources=[f"{name}: {SOURCES[name]}" for name in provenance.sources],
        date=provenance.date,
        note=provenance.note,
        provoke=ways_to_provoke(row, registry),
    )


def ways_to_provoke(row: Row, registry: EndpointRegistry = REGISTRY) -> list[str]:
    """Return every way to get `row` from the fake: by a request, by a magic URL, by a rule."""
    ways = registry.ways_to_provoke(row)
    if row.models:
        return ways
    rule = f'"outcome":"{row.outcome}","code":"{row.name}"'
    if row.origin is Origin.STORAGE:
        endpoint = next(name for name, route in registry.routes.items() if route.host == row.host)
        return [*ways, f'a rule: {{{rule},"endpoint":"{endpoint}"}}']
    return [*ways, f"image_url {magic_urls.url_for(row)}", f"a rule: {{{rule}}}"]
