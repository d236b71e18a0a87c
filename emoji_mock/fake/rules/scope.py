"""The scope of rules: which outcomes, faults and criteria are valid at each endpoint."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from emoji_mock.contract.catalogue import ROWS, find, find_among, find_task_failure
from emoji_mock.contract.endpoint import RESULT_HOST, EndpointName
from emoji_mock.contract.routes import ROUTES
from emoji_mock.contract.row import Origin, Outcome, Row
from emoji_mock.contract.rows import storage
from emoji_mock.fake.network.faults import FaultKind, Sends

if TYPE_CHECKING:
    from collections.abc import Collection

DETECTING = frozenset(name for name, route in ROUTES.items() if route.detects)
"""The endpoints where a picture is inspected. A rule for an outcome without an endpoint is for these."""

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
        raise ValueError(f"endpoint: unknown endpoint {text!r}; choose from {', '.join(EndpointName)}") from None


def check(endpoint: EndpointName, outcome: Outcome | None, fault: FaultKind | None, criteria: Collection[str]) -> None:
    """Raise ValueError if a rule for `endpoint` cannot have this outcome, this fault or one of `criteria`."""
    if outcome in (Outcome.PASSED, Outcome.FAILED) and endpoint not in DETECTING:
        raise ValueError(f"outcome: nothing is detected at {endpoint}; a rule for it takes error, a fault, a latency")
    if fault is not None and fault.row.sends is Sends.CUT_JSON and not ROUTES[endpoint].json:
        raise ValueError(f"fault: {endpoint} answers without JSON; use truncated_body")
    for name in criteria:
        if name not in ROUTES[endpoint].criteria:
            raise ValueError(f"{name}: a call to {endpoint} has none; leave it out")


@lru_cache(maxsize=1024)
def row_for(code: str, outcome: Outcome | None, endpoint: EndpointName | None = None) -> Row:
    """Return the row that `code` names at `endpoint`, or where pictures are inspected. Raises UnknownCodeError."""
    if endpoint is EndpointName.VIDEO_SYNTHESIS and outcome is Outcome.FAILED:
        return find_task_failure(code)
    rows = _ROWS.get(endpoint) if endpoint is not None else None
    return find(code, outcome) if rows is None else find_among(code, rows, str(endpoint))
