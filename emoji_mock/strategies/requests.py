"""Requests that the contract lets pass, and mistaken ones, each with the answer that the contract promises."""

import re
from functools import lru_cache
from typing import NamedTuple

from hypothesis import strategies as st

from emoji_mock.conformance.cases import DETECTIONS
from emoji_mock.conformance.cases.case import PATH, Case, Filled, body
from emoji_mock.contract.endpoint import MEDIA_TYPE, RESOLVE_HEADER
from emoji_mock.contract.exchange import Headers, Request
from emoji_mock.contract.row import Outcome, Row
from emoji_mock.fake import responses
from emoji_mock.fake.endpoints.explain import SAMPLE_ID
from emoji_mock.strategies.spelling import respelled
from emoji_mock.strategies.values import image_urls, keys

REQUEST_ID = "<request_id>"
"""Stands in an answer's body for the request id, which differs every time."""
_KEYS = keys()
_ANY_ID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=<RequestId>)[0-9A-F]{24}")


class Answer(NamedTuple):
    """What the contract promises: status and exact body with `<request_id>` in it; `row` says why, `case` to what."""

    status: int
    body: str
    row: Row
    case: str

    def fits(self, status: int, body: bytes) -> bool:
        """Say whether this is what came back, byte for byte, with any request id."""
        return (status, _without_ids(body)) == (self.status, self.body)


class Mistake(NamedTuple):
    """A mistaken request, and the answer that it is promised."""

    request: Request
    answer: Answer


@st.composite
def valid_requests(
    draw: st.DrawFn,
    image_urls: st.SearchStrategy[str] = image_urls(),  # noqa: B008 - a strategy is a value
    keys: st.SearchStrategy[str] = keys(),  # noqa: B008
    *,
    absolute_form: bool = True,
) -> Request:
    """Draw requests that the contract lets pass, in every lawful spelling; the simplest is the vendor's sample.

    `absolute_form` allows targets with scheme and host, which HTTP clients rarely let you send.
    """
    image_url = draw(image_urls)
    headers: Headers = (("authorization", f"Bearer {draw(keys)}"), ("content-type", MEDIA_TYPE))
    if image_url.startswith("oss:"):
        headers = (*headers, (RESOLVE_HEADER, "enable"))
    return draw(respelled(Request("POST", PATH, headers, body(image_url)), absolute_form=absolute_form))


@st.composite
def invalid_requests(
    draw: st.DrawFn,
    *,
    inferred: bool = True,
    reserved_keys: bool = True,
    large: bool = False,
    absolute_form: bool = True,
) -> Mistake:
    """Draw mistaken requests, each with its answer; `answer.fits(status, body)` judges a server.

    They are the cases of `emoji_mock.conformance` with everything varied that does not matter. `inferred` allows
    guesses, `reserved_keys` what means something to this fake only, `large` bodies over 6 MiB.
    """
    case = draw(_mistakes(inferred, reserved_keys, large))
    filled = Filled(key=draw(_KEYS), bad_key="sk-mock-invalid", picture="https://example.com/me.png")
    request = case.request(filled)
    return Mistake(draw(respelled(request, absolute_form=absolute_form)), promised(case, filled))


@lru_cache
def _mistakes(inferred: bool, reserved_keys: bool, large: bool) -> st.SearchStrategy[Case]:  # noqa: FBT001 - private
    # A case with a picture is a good request that the fake is steered to refuse.
    mistakes = [case for case in DETECTIONS if refusal(case) and not case.picture]
    return st.sampled_from(
        [
            case
            for case in mistakes
            if (inferred or not case.inferred) and (reserved_keys or case.live) and (large or not case.padded)
        ]
    )


def refusal(case: Case) -> Row | None:
    """Return the error that `case` ends in, if it does."""
    ending = case.expected[0]
    return ending if isinstance(ending, Row) and ending.outcome is Outcome.ERROR else None


def promised(case: Case, filled: Filled) -> Answer:
    """Return the answer that a mistaken `case` is promised."""
    row = refusal(case)
    assert row is not None  # noqa: S101 - the cases are chosen so
    said = {name: filled.text(value) for name, value in case.says}
    body = responses.refused(row, row.text(method=case.method, **said), SAMPLE_ID, status=row.status)
    return Answer(row.status, _without_ids(body), row, case.name)


def _without_ids(body: bytes) -> str:
    return _ANY_ID.sub(REQUEST_ID.encode(), body).decode(errors="replace")
