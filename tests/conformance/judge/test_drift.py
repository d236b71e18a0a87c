"""Drift over a real socket: a server wrong in one way is told in that way, and a model that is gone is no drift."""

import json

import pytest
from conformance_spoils import ACROSS, AROUND, SPOILS

from emoji_mock import Fake, Options, Response
from emoji_mock.conformance.cases import CASES
from emoji_mock.conformance.judge.difference import Difference, DifferenceKind
from emoji_mock.conformance.judge.drift import compare
from emoji_mock.conformance.judge.result import AGREES, Assessment
from emoji_mock.conformance.runner import Runner
from emoji_mock.conformance.targets.fake import FakeTarget
from emoji_mock.conformance.targets.server import ServerTarget
from emoji_mock.fake.endpoints.explain import SAMPLE_ID

BY_NAME = {case.name: case for case in CASES}
FEW = [BY_NAME[name] for name in ("passed/as-documented", "failed/InvalidFile.FacePose", "input/missing", "auth/no-header", "body/null")]  # fmt: skip


def run(url, cases=FEW):
    """Run cases against a server."""
    target = ServerTarget(url)
    try:
        return Runner(target).run(cases)
    finally:
        target.close()


@pytest.mark.parametrize(("spoil", "name", "expected"), (EVERY := {**SPOILS, **AROUND}).values(), ids=EVERY)
def test_a_wrong_server_is_found_out(wrong, spoil, name, expected):
    """Each wrong is named over HTTP as it is in the process, and the verdict follows from how its promise is known."""
    report = run(wrong(spoil), [BY_NAME[name]])
    found = [(str(one.kind), str(one.severity), one.where, not one.guess) for one in report.results[0].comparisons]
    assert expected in found
    drifted = any(is_drift for *_, is_drift in found)
    assert report.results[0].assessment is (Assessment.DRIFTED if drifted else Assessment.CAN_TIGHTEN)
    assert report.assessment is (Assessment.DRIFTED if drifted else Assessment.CONFORMS)


@pytest.mark.parametrize(("spoil", "names", "expected"), ACROSS.values(), ids=ACROSS)
def test_what_is_wrong_in_several_answers_is_found_out(wrong, spoil, names, expected):
    """Each answer alone may be right."""
    *_, last = run(wrong(spoil), [BY_NAME[name] for name in names]).results
    assert expected in [(str(one.kind), str(one.severity), one.where, not one.guess) for one in last.comparisons]
    assert last.assessment is Assessment.DRIFTED


@pytest.mark.slow
def test_an_honest_server_conforms(wrong):
    """The wrapper itself spoils nothing."""
    report = run(wrong(lambda response: response), CASES)
    others = {result.case: result.reason for result in report.results if result.assessment is not Assessment.CONFORMS}
    assert set(others) == {case for case in CASES if case.wait_seconds}
    assert set(others.values()) == {"needs a clock that can be moved: only the fake in the process has one"}
    assert report.assessment is Assessment.CONFORMS


def denied(code, message, status):
    """Return a spoil that answers everything in the same way."""

    def spoil(response):
        found = SAMPLE_ID if response.body[:1] != b"{" else json.loads(response.body)["request_id"]
        document = {"code": code, "message": message, "request_id": found}
        headers = dict(response.headers) | {"content-type": "application/json"}
        if "x-request-id" in headers:
            headers["x-request-id"] = found
        return Response(status, tuple(headers.items()), json.dumps(document, separators=(",", ":")).encode())

    return spoil


@pytest.mark.parametrize(
    ("code", "message", "status"),
    [
        ("AccessDenied", "Access denied.", 403),
        ("AccessDenied", "Access denied. For details, see: https://help.aliyun.com/zh/model-studio/error-code#access-denied", 403),
        ("InvalidParameter", "Model not exist.", 400),
        ("Model.AccessDenied", "Model access denied.", 403),
    ],
)  # fmt: skip
def test_a_model_that_is_not_served_is_no_drift(wrong, code, message, status):
    """The model may be retired: what everything answers says nothing of the contract."""
    report = run(wrong(denied(code, message, status)), CASES)
    assert report.assessment is Assessment.NOT_SERVED
    assert {one.assessment for one in report.results} == {
        Assessment.NOT_SERVED,
        Assessment.CONFORMS,
        Assessment.SKIPPED,
    }
    told = next(one for one in report.results if one.case.name == "passed/as-documented")
    assert told.reason.startswith(f"this account or model is not served: {status} {code}, {message[:14]}")


def test_a_live_service_that_denies_the_model_is_not_served(fake_live):
    """`Model.AccessDenied` is no trouble that passes, as `ModelUnavailable` is."""
    spoil = denied("Model.AccessDenied", "Model access denied.", 403)
    report = Runner(fake_live(spoil=spoil), budget=2, sleep=lambda _: None).run(CASES)
    assert report.assessment is Assessment.NOT_SERVED


def test_a_model_that_is_gone_may_be_told_after_what_is_wrong_with_a_request(wrong):
    """Which of the two is told first is inferred: no detection was answered, so the model is not served."""
    spoil = denied("AccessDenied", "Access denied.", 403)
    url = wrong(lambda response: spoil(response) if b'"usage"' in response.body else response)
    report = run(url)
    verdicts = {one.case.name: one.assessment for one in report.results}
    assert report.assessment is Assessment.NOT_SERVED
    assert verdicts["input/missing"] is Assessment.CONFORMS
    assert verdicts["passed/as-documented"] is Assessment.NOT_SERVED


def test_a_retired_model_still_keeps_what_comes_before_the_account():
    """An offline model leaves authentication, routing and reading of the body to be judged."""
    report = Runner(FakeTarget(Fake(Options(retired=True)))).run(CASES)
    verdicts = {one.case.name: one.assessment for one in report.results}
    assert report.assessment is Assessment.NOT_SERVED
    assert verdicts["auth/no-header"] is verdicts["model/unknown"] is Assessment.CONFORMS


def test_one_denial_among_answers_is_drift(wrong):
    """Only when nothing behind the account check is answered has the model gone."""
    spoil = denied("AccessDenied", "Access denied.", 403)
    url = wrong(lambda response: spoil(response) if b"EmptyInput" in response.body else response)
    assert {one.case.name: one.assessment for one in run(url).results}["input/missing"] is Assessment.DRIFTED


def test_wrongs_beside_a_denial_are_still_drift(wrong):
    """A model that is gone excuses no changed answer to a call without a key."""
    spoil = denied("AccessDenied", "Access denied.", 403)

    def both(response):
        if b"No API-key" in response.body:
            return response._replace(body=response.body.replace(b"No API-key", b"No API key"))
        return spoil(response)

    assert run(wrong(both)).assessment is Assessment.DRIFTED


def test_differences_are_told_three_ways():
    """Contract, fake and target stand side by side, also where only the fake differs."""
    status = Difference(DifferenceKind.STATUS, "status", "200", "400")
    order = Difference(DifferenceKind.KEY_ORDER, "body", "a, b", "b, a", guess=True)
    found = compare([status], [Difference(DifferenceKind.STATUS, "status", "200", "500"), order])
    assert [(one.kind, one.contract, one.fake, one.target) for one in found] == [
        (DifferenceKind.STATUS, "200", "500", "400"),
        (DifferenceKind.KEY_ORDER, "a, b", "b, a", AGREES),
    ]
    assert compare([status], [])[0].fake == AGREES


@pytest.mark.parametrize(
    ("name", "code", "status", "verdict"),
    [
        ("passed/as-documented", "Throttling.RateQuota", 429, Assessment.UNDECIDED),
        ("failed/InvalidFile.FacePose", "Throttling", 429, Assessment.UNDECIDED),
        ("error/Throttling.RateQuota", "Throttling.BurstRate", 429, Assessment.DRIFTED),
        ("passed/as-documented", "Throttling.RateQuota", 400, Assessment.DRIFTED),
        ("passed/as-documented", "Busy", 429, Assessment.DRIFTED),
    ],
)
def test_only_a_throttling_that_was_not_asked_for_is_undecided(wrong, name, code, status, verdict):
    """Any server may throttle at any time; one that throttles in other words than it should has drifted."""
    report = run(wrong(denied(code, "Slow down.", status)), [BY_NAME[name]])
    assert report.assessment is verdict


def test_a_server_that_does_not_answer_has_drifted(wrong):
    """A call that ends without an answer is told as such."""
    report = run(wrong(lambda response: response._replace(body=b"x" * 2_000_000)), FEW[:1])
    assert report.results[0].comparisons[0].kind is DifferenceKind.NO_ANSWER
    assert "more than 1048576 bytes" in report.results[0].reason


def test_no_secret_is_in_what_is_found(wrong):
    """A server that says a key or a signed URL does not get it into the report."""
    secret = "sk-0123456789abcdef0123456789abcdef"
    leak = f"{secret} https://x.oss-cn-beijing.aliyuncs.com/me.png?Signature=abc%2Bdef&Expires=1"
    spoil = denied("Leak", leak, 400)
    target = ServerTarget(wrong(spoil), key=secret)
    report = Runner(target).run(FEW)
    target.close()
    told = str(report)
    assert "Leak" in told
    assert "0123456789abcdef" not in told
    assert "abc%2Bdef" not in told
