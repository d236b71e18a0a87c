"""The scope of rules: which outcomes, faults and criteria are valid at each endpoint, and which models answer a row."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from emoji_mock._support.validation import did_you_mean, nearest, unknown
from emoji_mock.contract.catalogue import ROWS, UnknownCodeError, find, find_among, find_task_failure
from emoji_mock.contract.endpoint import RESULT_HOST, EndpointName
from emoji_mock.contract.model import TaskModel
from emoji_mock.contract.models import MODELS, TASK_MODELS, answers
from emoji_mock.contract.routes import ROUTES
from emoji_mock.contract.row import Origin, Outcome, Row
from emoji_mock.contract.rows import storage
from emoji_mock.fake.network.faults import FaultKind, Sends

if TYPE_CHECKING:
    from collections.abc import Collection

DETECTING = frozenset(name for name, route in ROUTES.items() if route.detects)
"""The endpoints where something is inspected. A rule for an outcome without an endpoint is for these."""
TASK_ENDPOINTS = frozenset(model.route.name for model in TASK_MODELS)
"""The endpoints that create tasks, which may fail later."""
_NAMED = 4  # models in a message
_ALIKE = 0.8  # of two names, the share from which on one is taken for the other, misspelt

_OF_STORAGE = tuple(row for row in ROWS if row.origin is Origin.STORAGE)
_OF_RESULTS = tuple(row for row in _OF_STORAGE if row.host == RESULT_HOST)
_OF_BOTH = (storage.BUCKET_ACL, storage.WRONG_SIGNATURE, storage.WRONG_ACCESS_KEY, storage.INTERNAL)
_ROWS: dict[EndpointName, tuple[Row, ...]] = {
    EndpointName.STORAGE: tuple(row for row in _OF_STORAGE if row not in _OF_RESULTS),
    EndpointName.VIDEO: tuple(replace(row, host=RESULT_HOST) for row in (*_OF_RESULTS, *_OF_BOTH)),
}
"""The rows with which the storage may answer an upload, and a request for a video."""


def endpoint_name(text: str) -> EndpointName:
    """Return the endpoint named `text`, spelled with `-` or `_`. Raises ValueError, which lists all."""
    try:
        return EndpointName(text.replace("-", "_").lower())
    except ValueError:
        raise ValueError(f"endpoint: {unknown('endpoint', text, EndpointName)}") from None


def check(endpoint: EndpointName, outcome: Outcome | None, fault: FaultKind | None, criteria: Collection[str]) -> None:
    """Raise ValueError if a rule for `endpoint` cannot have this outcome, this fault or one of `criteria`."""
    if outcome in (Outcome.PASSED, Outcome.FAILED) and endpoint not in DETECTING:
        raise ValueError(f"outcome: nothing is detected at {endpoint}; its rules must have error, a fault or a latency")
    if fault is not None and fault.row.sends is Sends.CUT_JSON and not ROUTES[endpoint].json:
        raise ValueError(f"fault: {endpoint} answers without JSON; use truncated_body")
    for name in criteria:
        if name not in ROUTES[endpoint].criteria:
            raise ValueError(f"{name}: a call to {endpoint} has none; leave it out")


@lru_cache(maxsize=1024)
def row_for(code: str, outcome: Outcome | None, endpoint: EndpointName | None = None, model: str | None = None) -> Row:
    """Return the row that `code` names at `endpoint`, or where pictures are inspected. Raises UnknownCodeError.

    A task fails in more rows than a detection does: at an endpoint of tasks, and for a model that makes them.
    """
    if endpoint in TASK_ENDPOINTS and outcome is Outcome.FAILED:
        return find_task_failure(code)
    if endpoint is None and outcome is Outcome.FAILED and isinstance(MODELS.get(model or ""), TaskModel):
        try:
            return find(code, outcome)
        except UnknownCodeError:
            return find_task_failure(code)
    rows = _ROWS.get(endpoint) if endpoint is not None else None
    return find(code, outcome) if rows is None else find_among(code, rows, str(endpoint))


@lru_cache(maxsize=4096)
def is_answered_by(model: str, row: Row) -> bool:
    """Return whether `model`, or a task of it, ever ends in `row`, in its own words; an unknown model may."""
    return answers(MODELS.get(model), row)


def check_model(model: str, row: Row | None, endpoint: EndpointName | None) -> None:
    """Raise ValueError if a call for `model` can never meet a rule at `endpoint` for an answer: passed or `row`.

    A model that is unknown here may be served by a registry of one's own; a misspelt one is refused.
    """
    known = MODELS.get(model)
    if known is None:
        _check_spelling(model)
    elif endpoint not in (None, known.route.name):
        raise ValueError(f"model: {model} is called at {known.route.name}, not at {endpoint}")
    elif row is not None and not is_answered_by(model, row):
        raise ValueError(f"model: {describe_mismatch(model, row)}")


def describe_mismatch(model: str, row: Row) -> str:
    """Return that `model` never answers `row`, and which models can."""
    able = sorted(row.models) or [name for name in MODELS if is_answered_by(name, row)]
    more = f" and {len(able) - _NAMED} more" if len(able) > _NAMED else ""
    return f"{model} never answers {str(row.name)!r}; {', '.join(able[:_NAMED])}{more} can"


def _check_spelling(model: str) -> None:
    if near := nearest(model, MODELS, 2, _ALIKE):
        raise ValueError(f"model: unknown model {model!r}; {did_you_mean(near)}")
