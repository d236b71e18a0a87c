"""What a rule can do at which endpoint: how a call to it may end, and what such a call tells of itself."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from emoji_mock.contract.catalogue import ROWS, find, find_among
from emoji_mock.contract.detection import fate
from emoji_mock.contract.endpoint import RESULT_HOST, EndpointName
from emoji_mock.contract.row import Origin, Outcome, Row
from emoji_mock.contract.rows import storage
from emoji_mock.fake.network.faults import FaultKind

if TYPE_CHECKING:
    from collections.abc import Collection

DETECTING = frozenset({EndpointName.FACE_DETECT, EndpointName.VIDEO_SYNTHESIS})
"""Where a picture is looked at; rules for an outcome that name no endpoint are for these."""
_FILES = frozenset({EndpointName.STORAGE, EndpointName.VIDEO})
"""Where no JSON is spoken, and no key is sent."""

# Whose key, which model, which picture: what a call to an endpoint tells.
_TOLD: dict[EndpointName, frozenset[str]] = {
    EndpointName.FACE_DETECT: frozenset({"key", "model", "image_url"}),
    EndpointName.VIDEO_SYNTHESIS: frozenset({"key", "model", "image_url"}),
    EndpointName.UPLOADS: frozenset({"key", "model"}),
    EndpointName.STORAGE: frozenset({"model"}),
    EndpointName.TASK: frozenset({"key", "model"}),
    EndpointName.TASKS: frozenset({"key"}),
    EndpointName.CANCEL_TASK: frozenset({"key"}),
    EndpointName.VIDEO: frozenset({"model", "image_url"}),
}

_OF_STORAGE = tuple(row for row in ROWS if row.origin is Origin.STORAGE)
_OF_RESULTS = tuple(row for row in _OF_STORAGE if row.host == RESULT_HOST)
_OF_BOTH = (storage.BUCKET_ACL, storage.WRONG_SIGNATURE, storage.WRONG_ACCESS_KEY, storage.INTERNAL)
_ROWS: dict[EndpointName, tuple[Row, ...]] = {
    EndpointName.STORAGE: tuple(row for row in _OF_STORAGE if row not in _OF_RESULTS),
    EndpointName.VIDEO: tuple(replace(row, host=RESULT_HOST) for row in (*_OF_RESULTS, *_OF_BOTH)),
}
"""What the storage may say, of an upload and of a video."""


def endpoint_name(text: str) -> EndpointName:
    """Return the endpoint that a person wrote, with `-` or `_`. Raises ValueError, which names those that there are."""
    try:
        return EndpointName(text.replace("-", "_").lower())
    except ValueError:
        raise ValueError(f"endpoint: no {text!r}; there are {', '.join(EndpointName)}") from None


def check(endpoint: EndpointName, outcome: Outcome | None, fault: FaultKind | None, criteria: Collection[str]) -> None:
    """Raise ValueError for an ending that `endpoint` has not, or for `criteria` that a call to it tells nothing of."""
    if outcome in (Outcome.PASSED, Outcome.FAILED) and endpoint not in DETECTING:
        raise ValueError(f"outcome: nothing is detected at {endpoint}; a rule for it takes error, a fault, a latency")
    if fault is FaultKind.MALFORMED_JSON and endpoint in _FILES:
        raise ValueError(f"fault: {endpoint} answers without JSON, so none can be malformed; take truncated_body")
    for name in criteria:
        if name not in _TOLD[endpoint]:
            raise ValueError(f"{name}: a call to {endpoint} names none; leave it out")


@lru_cache(maxsize=1024)
def row_for(code: str, outcome: Outcome | None, endpoint: EndpointName | None = None) -> Row:
    """Return the row that `code` means at `endpoint`, or wherever pictures are looked at. Raises UnknownCodeError."""
    if endpoint is EndpointName.VIDEO_SYNTHESIS and outcome is Outcome.FAILED:
        return fate(code)
    rows = _ROWS.get(endpoint) if endpoint is not None else None
    return find(code, outcome) if rows is None else find_among(code, rows, str(endpoint))
