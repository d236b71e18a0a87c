"""Responses to a detection with the vendor's headers, key order and messages."""

from hypothesis import strategies as st

from emoji_mock.contract.catalogue import detection_rows
from emoji_mock.contract.exchange import Response
from emoji_mock.contract.row import Outcome, Row
from emoji_mock.fake import responses as responses_module
from emoji_mock.strategies.boxes import boxes
from emoji_mock.strategies.values import request_ids

_FIRST = 1_700_000_000_000  # November 2023, in milliseconds
_LAST = 2_000_000_000_000


@st.composite
def passed_responses(draw: st.DrawFn) -> Response:
    """Draw passed detections: HTTP 200 with the boxes of a face."""
    request_id = draw(request_ids())
    return _response(draw, 200, responses_module.passed(draw(boxes()), request_id), request_id)


@st.composite
def failed_responses(draw: st.DrawFn) -> Response:
    """Draw failed detections: HTTP 200 with any code inside `output`."""
    return _refused(draw, Outcome.FAILED, details=False)


@st.composite
def error_responses(draw: st.DrawFn, *, details: bool = False) -> Response:
    """Draw errors: 4xx and 5xx with any code. `details` allows the suffix of newer gateway messages."""
    return _refused(draw, Outcome.ERROR, details=details and draw(st.booleans()))


def responses() -> st.SearchStrategy[Response]:
    """Draw responses to a detection: passed, failed, or an error."""
    return st.one_of(passed_responses(), failed_responses(), error_responses())


def _refused(draw: st.DrawFn, outcome: Outcome, *, details: bool) -> Response:
    row: Row = draw(st.sampled_from(detection_rows(outcome)))
    request_id = draw(request_ids())
    body = responses_module.refused(row, row.text(), request_id, status=row.status, details=details)
    return _response(draw, row.status, body, request_id)


def _response(draw: st.DrawFn, status: int, body: bytes, request_id: str) -> Response:
    arrived = draw(st.integers(_FIRST, _LAST)) / 1000
    left = arrived + draw(st.integers(0, 60_000)) / 1000
    return Response(status, responses_module.headers(request_id, status, arrived, left, has_body=bool(body)), body)
