"""Responses to a detection with the vendor's headers, key order and messages."""

from typing import Any

import msgspec
from hypothesis import strategies as st

from emoji_mock.contract import samples
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.endpoint import MODEL
from emoji_mock.contract.exchange import Response
from emoji_mock.contract.geometry import ext_box, tallness_of
from emoji_mock.contract.model import DetectionModel
from emoji_mock.contract.models import find_detector, row_at
from emoji_mock.contract.row import Origin, Outcome, Row
from emoji_mock.fake import responses as responses_module
from emoji_mock.strategies.boxes import faces, sizes
from emoji_mock.strategies.values import request_ids

_FIRST = 1_700_000_000_000  # November 2023, in milliseconds
_LAST = 2_000_000_000_000
_STYLES = ("full", "half")


@st.composite
def passed_responses(draw: st.DrawFn, *, model: str = MODEL) -> Response:
    """Draw detections by `model` that passed: HTTP 200, with the boxes of a face if the model shows any."""
    request_id = draw(request_ids())
    output = _passed_output(draw, find_detector(model))
    body = msgspec.json.encode({"output": output, "usage": {"image_count": 1}, "request_id": request_id})
    return _response(draw, 200, body, request_id)


def _passed_output(draw: st.DrawFn, detector: DetectionModel) -> dict[str, Any]:
    output: dict[str, Any] = samples.passed(detector.name)["body"]["output"]
    if "bodystyle" in output:
        output["bodystyle"] = draw(st.sampled_from(_STYLES))
    if detector.boxes and detector.proportions is not None:
        size = draw(sizes())
        face = draw(faces(size))
        tallness = tallness_of(draw(st.sampled_from(detector.ratios)))
        ext = ext_box(face, size, detector.proportions, tallness=tallness)
        output |= dict(zip(detector.boxes, (face, ext), strict=True))
    return output


@st.composite
def failed_responses(draw: st.DrawFn, *, model: str = MODEL) -> Response:
    """Draw detections by `model` that failed for any reason: HTTP 200, or as an error where the model says so."""
    return _refused(draw, Outcome.FAILED, model, details=False)


@st.composite
def error_responses(draw: st.DrawFn, *, model: str = MODEL, details: bool = False) -> Response:
    """Draw errors: 4xx and 5xx with any code. `details` allows the suffix of newer gateway messages."""
    return _refused(draw, Outcome.ERROR, model, details=details and draw(st.booleans()))


def responses(*, model: str = MODEL) -> st.SearchStrategy[Response]:
    """Draw responses to a detection by `model`: passed, failed, or an error."""
    return st.one_of(passed_responses(model=model), failed_responses(model=model), error_responses(model=model))


def _rows(outcome: Outcome, detector: DetectionModel) -> list[Row]:
    """Return the rows in which a detection by the model may end with `outcome`."""
    own = (row_at(row, detector) for row in ROWS if row.outcome is outcome and row.origin is not Origin.STORAGE)
    return list(dict.fromkeys(row for row in own if row is not None))


def _refused(draw: st.DrawFn, outcome: Outcome, model: str, *, details: bool) -> Response:
    detector = find_detector(model)
    row: Row = draw(st.sampled_from(_rows(outcome, detector)))
    request_id = draw(request_ids())
    body = responses_module.refused(row, row.text(), request_id, status=row.status, details=details, model=detector)
    return _response(draw, row.status, body, request_id)


def _response(draw: st.DrawFn, status: int, body: bytes, request_id: str) -> Response:
    arrived = draw(st.integers(_FIRST, _LAST)) / 1000
    left = arrived + draw(st.integers(0, 60_000)) / 1000
    return Response(status, responses_module.headers(request_id, status, arrived, left, has_body=bool(body)), body)
