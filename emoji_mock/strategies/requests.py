"""Valid requests for a detection, and invalid ones with the answer that the contract promises."""

import re
from functools import lru_cache
from typing import NamedTuple

from hypothesis import strategies as st

from emoji_mock.conformance.cases import DETECTIONS
from emoji_mock.conformance.cases.case import Case
from emoji_mock.conformance.cases.payloads import body_for
from emoji_mock.conformance.cases.placeholders import Bindings
from emoji_mock.contract.endpoint import MEDIA_TYPE, MODEL, RESOLVE_HEADER
from emoji_mock.contract.exchange import Headers, Request
from emoji_mock.contract.models import find_detector
from emoji_mock.contract.row import Outcome, Row
from emoji_mock.fake import responses
from emoji_mock.fake.endpoints.explain import SAMPLE_ID
from emoji_mock.strategies.spelling import respelled
from emoji_mock.strategies.values import image_urls, keys

REQUEST_ID = "<request_id>"
"""The placeholder for the request id in an answer's body."""
_KEYS = keys()
_ANY_ID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=<RequestId>)[0-9A-F]{24}")


class Answer(NamedTuple):
    """A promised answer: status, exact body with `<request_id>` in it, row of the catalogue, and name of the case."""

    status: int
    body: str
    row: Row
    case: str

    def fits(self, status: int, body: bytes) -> bool:
        """Whether `status` and `body` are this answer, byte for byte, with any request id."""
        return (status, _without_ids(body)) == (self.status, self.body)


class Mistake(NamedTuple):
    """An invalid request and the answer that the contract promises."""

    request: Request
    answer: Answer


@st.composite
def valid_requests(
    draw: st.DrawFn,
    image_urls: st.SearchStrategy[str] = image_urls(),  # noqa: B008 - a strategy is a value
    keys: st.SearchStrategy[str] = keys(),  # noqa: B008
    *,
    model: str = MODEL,
    absolute_form: bool = True,
) -> Request:
    """Draw valid requests in every valid spelling; the simplest is the vendor's sample.

    `model` is any detection model; its ratio is drawn, if it has one. `absolute_form` allows targets with scheme and
    host, which few HTTP clients can send.
    """
    detector = find_detector(model)
    takes_webp = detector.pictures is None or "WEBP" in detector.pictures.formats
    image_url = draw(image_urls if takes_webp else image_urls.filter(lambda url: not url.startswith("data:image/webp")))
    headers: Headers = (("authorization", f"Bearer {draw(keys)}"), ("content-type", MEDIA_TYPE))
    if image_url.startswith("oss:"):
        headers = (*headers, (RESOLVE_HEADER, "enable"))
    ratios = detector.ratios
    body = body_for(detector, image_url)
    if ratios:
        body = body_for(detector, image_url, parameters={"ratio": draw(st.sampled_from(ratios))})
    return draw(respelled(Request("POST", detector.route.full_path, headers, body), absolute_form=absolute_form))


@st.composite
def invalid_requests(
    draw: st.DrawFn,
    *,
    model: str = MODEL,
    inferred: bool = True,
    reserved_keys: bool = True,
    large: bool = False,
    absolute_form: bool = True,
) -> Mistake:
    """Draw invalid requests, each with its answer; `answer.fits(status, body)` judges a server.

    They are the cases of `emoji_mock.conformance`, in every spelling, of one detection `model`. `inferred`
    allows cases whose answer is only
    inferred, `reserved_keys` those that only this fake understands, `large` bodies over 6 MiB.
    """
    case = draw(_mistakes(find_detector(model).name, inferred, reserved_keys, large))
    bindings = Bindings(key=draw(_KEYS), bad_key="sk-mock-invalid", picture="https://example.com/me.png")
    request = case.request(bindings)
    return Mistake(draw(respelled(request, absolute_form=absolute_form)), promised_answer(case, bindings))


@lru_cache
def _mistakes(
    model: str,
    inferred: bool,  # noqa: FBT001 - private
    reserved_keys: bool,  # noqa: FBT001
    large: bool,  # noqa: FBT001
) -> st.SearchStrategy[Case]:
    # A case with a picture is a valid request: its magic URL makes the fake refuse it.
    invalid = [case for case in DETECTIONS if expected_error(case) and not case.picture and case.model == model]
    return st.sampled_from(
        [
            case
            for case in invalid
            if (inferred or not case.inferred) and (reserved_keys or case.live) and (large or not case.padded)
        ]
    )


def expected_error(case: Case) -> Row | None:
    """Return the error that `case` expects, or None."""
    first = case.expected[0]
    return first if isinstance(first, Row) and first.outcome is Outcome.ERROR else None


def promised_answer(case: Case, bindings: Bindings) -> Answer:
    """Return the answer that an invalid `case` expects."""
    row = expected_error(case)
    assert row is not None  # noqa: S101 - callers pass invalid cases only
    values = {name: bindings.text(value) for name, value in case.message_fields}
    message = row.text(method=case.method, **values)
    body = responses.refused(row, message, SAMPLE_ID, status=row.status, model=case.contract)
    return Answer(row.status, _without_ids(body), row, case.name)


def _without_ids(body: bytes) -> str:
    return _ANY_ID.sub(REQUEST_ID.encode(), body).decode(errors="replace")
