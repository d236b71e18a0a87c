"""Explain a row of the catalogue (when, its bytes, billing, source, how to provoke it), and a model (its terms)."""

from typing import Literal

from msgspec import Struct

from emoji_mock.contract.model import DetectionModel, Model
from emoji_mock.contract.models import MODELS, emoji
from emoji_mock.contract.provenance import SOURCES, Known
from emoji_mock.contract.row import Origin, Outcome, Row
from emoji_mock.fake import responses
from emoji_mock.fake.endpoints.registry import REGISTRY, EndpointRegistry
from emoji_mock.fake.rules import magic_urls

SAMPLE_ID = "00000000-0000-9000-8000-000000000000"
"""The request id in examples."""
_FIRST_ERROR = 400
"""A failed detection with such a status, as wan2.2-s2v-detect has some, is not billed."""


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
        billed=row.outcome.billed and row.status < _FIRST_ERROR,
        when=row.when,
        body=responses.refused(row, row.text(), SAMPLE_ID, status=row.status, model=_model_of(row)).decode(),
        known=list(provenance.known),
        sources=[f"{name}: {SOURCES[name]}" for name in provenance.sources],
        date=provenance.date,
        note=provenance.note,
        provoke=ways_to_provoke(row, registry),
    )


def _model_of(row: Row) -> Model:
    """Return the model whose words the example has: the first that answers the row."""
    return next((model for name, model in MODELS.items() if name in row.models), emoji.DETECT)


class PictureTerms(Struct, frozen=True):
    """The pictures that a model takes: formats, most bytes, sides in pixels, height / width; bounds are included."""

    formats: tuple[str, ...]
    longest: int
    sides: tuple[int, int]
    aspect: tuple[float, float] | None


class ModelEntry(Struct, frozen=True):
    """A model, as the catalogue shows it; each part of it with how it is known.

    `prices` are in CNY for each `unit`, by ratio or resolution (`""` if they depend on neither); `free` is the free
    quota in units, `running` how many tasks of an account run at a time. `retired` is the day from which it does not
    answer any more (UTC+8), or empty.
    """

    name: str
    title: str
    path: str
    retired: str
    replacement: str
    fate_known: list[Known]
    prices: dict[str, float]
    unit: Literal["image", "second"]
    free: int
    rps: int
    running: int | None
    terms_known: list[Known]
    terms_note: str
    pictures: PictureTerms | None


def explain_model(model: Model) -> ModelEntry:
    """Return all that the catalogue says of `model`."""
    end, limits = model.retirement, model.pictures
    return ModelEntry(
        name=model.name,
        title=model.title,
        path=model.route.full_path,
        retired=f"{end.at:%Y-%m-%d}" if end else "",
        replacement=end.successor if end else "",
        # That a model is on no list of retired ones is no promise.
        fate_known=list(end.provenance.known) if end else [Known.INFERRED],
        prices={tier: float(price) for tier, price in model.prices.items()},
        unit="image" if isinstance(model, DetectionModel) else "second",
        free=model.free,
        rps=model.rps,
        running=model.running,
        terms_known=list(model.terms.known),
        terms_note=model.terms.note,
        pictures=PictureTerms(limits.formats, limits.longest, limits.sides, limits.aspect) if limits else None,
    )


def ways_to_provoke(row: Row, registry: EndpointRegistry = REGISTRY) -> list[str]:
    """Return every way to get `row` from the fake: by a request, by a magic URL, by a rule."""
    ways = registry.ways_to_provoke(row)
    rule = f'"outcome":"{row.outcome}","code":"{row.name}"'
    if row.origin is Origin.STORAGE:
        endpoint = next(name for name, route in registry.routes.items() if route.host == row.host)
        return [*ways, f'a rule: {{{rule},"endpoint":"{endpoint}"}}']
    url = magic_urls.url_for(row)
    if not row.models:
        return [*ways, f"image_url {url}", f"a rule: {{{rule}}}"]
    models = sorted(row.models)
    field = "image_url" if any(MODELS[name].pictures is not None for name in models) else "video_url"
    rules = [f'a rule: {{{rule},"model":"{name}"}}' for name in models]
    return [*ways, f"{field} {url} with {' or '.join(models)}", *rules]
