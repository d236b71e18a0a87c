"""The cases are complete and unambiguous, and live cases without a picture are free."""

import json

import pytest

from emoji_mock import Outcome
from emoji_mock.conformance.cases import CASES
from emoji_mock.conformance.cases.documents import Shape
from emoji_mock.conformance.cases.placeholders import Bindings
from emoji_mock.conformance.judge.judge import judge
from emoji_mock.conformance.targets.fake import FakeTarget
from emoji_mock.conformance.targets.sending import send_case
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.provenance import SOURCES
from emoji_mock.contract.row import Row
from emoji_mock.fake.endpoints.registry import REGISTRY

COVERED = {answer for case in CASES for answer in case.expected}
BY_NAME = {case.name: case for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=BY_NAME)
def test_the_fake_keeps_every_promise(case):
    """The fake's answer to each case has no difference, and is the first expected answer."""
    target = FakeTarget()
    exchange = send_case(case, target.bind(case), target.send, target.wait)
    expected, differences = judge(case, exchange.bindings, exchange.response)
    assert differences == ()
    assert expected is case.expected[0]


def test_names_are_unique_and_valid_file_names():
    """The name of a case is the path of its recording, on any operating system."""
    assert len(BY_NAME) == len(CASES)
    assert [name for name in BY_NAME if set(name) & set('<>:"\\|?*') or name != name.strip("/ ")] == []


def test_every_answer_is_covered():
    """The cases expect every row of the catalogue, passed detections, and each state of a task."""
    # No answer contains a link without a task, and no request causes an internal error of the storage.
    assert {row.name for row in ROWS if row not in COVERED} == {"no-such-video", "storage-internal-error"}
    assert Outcome.PASSED in COVERED
    others = {answer.name for answer in COVERED if isinstance(answer, Shape)}
    # No wait leads into POST-PROCESSING for certain: a task takes one to five minutes.
    states = {"PENDING", "PRE-PROCESSING", "RUNNING", "SUCCEEDED", "FAILED", "CANCELED", "UNKNOWN"}
    films = {"a video", "a part of a video"}
    assert others == {"a policy", "an empty answer", "accepted", "cancelled", "a list", *films, *states}


def test_every_row_that_a_request_provokes_has_a_case_without_a_magic_url():
    """If an endpoint says that a request provokes a row, a case without a magic URL for that error expects the row."""
    plain = {
        answer
        for case in CASES
        if "/error/" not in case.picture and b"emoji-mock.test/error/" not in case.body
        for answer in case.expected
    }
    codes = {answer.fields["output"]["code"] for answer in plain if getattr(answer, "name", "") == "FAILED"}
    plain |= {row for row in ROWS if row.code in codes}  # a task ends in them
    assert [row.name for row in ROWS if REGISTRY.ways_to_provoke(row) and row in COVERED and row not in plain] == []


def image_url_of(case):
    """Return the image_url in the body of a case, or None."""
    if not case.body.startswith(b'{"model"') or b"\xff" in case.body:
        return None
    given = json.loads(case.body).get("input")
    return given.get("image_url") if isinstance(given, dict) else None


def test_only_a_case_with_a_real_picture_costs():
    """A live case that may be billed contains the placeholder of a picture; no other has a URL that can be fetched."""
    unfetchable = ("https://", "oss://dashscope-instant/portrait.png")
    for case in CASES:
        if case.live and any(answer is Outcome.PASSED or answer.outcome.billed for answer in case.expected):
            assert case.costs, case.name
        if case.live and not case.costs:
            url = image_url_of(case)
            assert not isinstance(url, str) or "://" not in url or "emoji-mock.test" in url or url in unfetchable


def test_no_live_case_asks_for_a_video():
    """A live request at a path where tasks are created is one that a documented or observed mistake refuses."""
    for case in CASES:
        if case.live and case.makes_video:
            assert not case.inferred, case.name
            assert all(isinstance(answer, Row) and answer.outcome is Outcome.ERROR for answer in case.expected)
            assert not isinstance(image_url_of(case), str) or "emoji-mock.test" in image_url_of(case)


def test_the_sources_of_a_case_exist():
    """Every provenance names known sources."""
    assert {name for case in CASES for name in case.provenance.sources} <= set(SOURCES)


def test_placeholders_are_replaced():
    """Keys and picture replace their placeholders; a quotation mark in a URL is escaped in JSON."""
    case = BY_NAME["passed/as-documented"]
    request = case.request(Bindings(key="sk-good", bad_key="sk-bad", picture='https://example.com/"me".png'))
    assert dict(request.headers)["authorization"] == "Bearer sk-good"
    assert json.loads(request.body) == {
        "model": "emoji-detect-v1",
        "input": {"image_url": 'https://example.com/"me".png'},
        "parameters": {"ratio": "1:1"},
    }
    bad = BY_NAME["auth/bad-key"].request(Bindings(key="sk-good", bad_key="sk-bad", picture=""))
    assert dict(bad.headers)["authorization"] == "Bearer sk-bad"
    assert len(BY_NAME["body/over-6-mib"].request(Bindings(key="k", bad_key="b", picture="")).body) == 6_291_457


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("auth/no-header", "no-api-key"),
        ("order/auth-before-route", "no-api-key"),
        ("route/unknown-path", "not-found"),
        ("route/get", "method-not-supported"),
        ("body/over-6-mib", "BadRequest.TooLarge"),
        ("async/enabled", "not-asynchronous"),
        ("model/unknown", "model-not-exist"),
        ("ratio/3-to-4", "parameter-invalid"),
        ("failed/too-small", "InvalidFile.Resolution"),
        ("account/retired", "access-denied"),
    ],
)
def test_cases_promise_what_the_contract_says(name, expected):
    """The first expected answer of some cases, written out."""
    first = BY_NAME[name].expected[0]
    assert isinstance(first, Row)
    assert first.name == expected
