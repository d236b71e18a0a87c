"""The cases: complete, unambiguous, and free where they say so."""

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

COVERED = {ending for case in CASES for ending in case.expected}
BY_NAME = {case.name: case for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=BY_NAME)
def test_the_fake_keeps_every_promise(case):
    """The fake's answer to each case differs in nothing, and is the first of what the contract allows."""
    target = FakeTarget()
    exchange = send_case(case, target.bind(case), target.send, target.wait)
    ending, differences = judge(case, exchange.bindings, exchange.response)
    assert differences == ()
    assert ending is case.expected[0]


def test_names_are_unique_and_can_be_file_names():
    """A recording lies at the path that its case's name says, on any system."""
    assert len(BY_NAME) == len(CASES)
    assert [name for name in BY_NAME if set(name) & set('<>:"\\|?*') or name != name.strip("/ ")] == []


def test_every_ending_is_covered():
    """Passed, every failed row, every error row, the storage's too; and each state that a task can be told in."""
    # A link without a task was never given, and no request breaks a storage.
    assert {row.name for row in ROWS if row not in COVERED} == {"no-such-video", "storage-internal-error"}
    assert Outcome.PASSED in COVERED
    others = {ending.name for ending in COVERED if isinstance(ending, Shape)}
    states = {"PENDING", "RUNNING", "SUCCEEDED", "FAILED", "CANCELED", "UNKNOWN"}
    films = {"a video", "a part of a video"}
    assert others == {"a policy", "an empty answer", "accepted", "cancelled", "a list", *films, *states}


def test_every_row_that_a_request_provokes_is_provoked_without_steering():
    """What the catalogue says a request provokes is provoked by one that names no steered picture."""
    plain = {ending for case in CASES if "/error/" not in case.picture for ending in case.expected}
    assert [row.name for row in ROWS if row.provoke and row in COVERED and row not in plain] == []


@pytest.mark.parametrize("case", CASES, ids=BY_NAME)
def test_only_a_case_with_a_real_picture_costs(case):
    """A live case is free unless its picture is filled in, and then it is allowed to end in something billed."""
    billed = any(ending is Outcome.PASSED or ending.outcome.billed for ending in case.expected if case.live)
    assert case.costs == billed
    if case.live and not case.costs:
        given = (
            json.loads(case.body).get("input")
            if case.body.startswith(b'{"model"') and b"\xff" not in case.body
            else None
        )
        url = given.get("image_url") if isinstance(given, dict) else None
        assert not isinstance(url, str) or "://" not in url or "emoji-mock.test" in url or url in ("https://", "oss://dashscope-instant/portrait.png")  # fmt: skip


def test_what_is_known_of_a_case_names_its_source():
    """Every provenance leads to a source."""
    assert {name for case in CASES for name in case.provenance.sources} <= set(SOURCES)


def test_a_request_is_filled_in_as_json():
    """Key, bad key and picture stand where the case says, and a quotation mark in a URL breaks nothing."""
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
    """Some promises, written out."""
    ending = BY_NAME[name].expected[0]
    assert isinstance(ending, Row)
    assert ending.name == expected
