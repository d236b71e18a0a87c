"""Assessments over a real socket: each difference is found, and a model that is not served is not drift."""

import json

import pytest
from answer_mutations import MUTATIONS, MUTATIONS_ACROSS_ANSWERS, TASK_MUTATIONS
from sibling_mutations import DETECTIONS

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
PAIRS = [case for case in CASES if case.model.startswith(("emoji-", "wan2.2-"))]
"""The cases of two pairs of models: those of all would take long."""
FEW = [BY_NAME[name] for name in ("passed/as-documented", "failed/InvalidFile.FacePose", "input/missing", "auth/no-header", "body/null")]  # fmt: skip


def run(url, cases=FEW):
    """Run cases against the server at `url`."""
    target = ServerTarget(url)
    try:
        return Runner(target).run(cases)
    finally:
        target.close()


@pytest.mark.parametrize(("mutate", "name", "expected"), (EVERY := {**MUTATIONS, **TASK_MUTATIONS}).values(), ids=EVERY)
def test_each_mutation_is_found_over_http(broken_server, mutate, name, expected):
    """Over HTTP the difference is the same as in the process; the provenance of the promise decides on drift."""
    report = run(broken_server(mutate), [BY_NAME[name]])
    found = [(str(one.kind), str(one.severity), one.where, not one.guess) for one in report.results[0].comparisons]
    assert expected in found
    drifted = any(is_drift for *_, is_drift in found)
    assert report.results[0].assessment is (Assessment.DRIFTED if drifted else Assessment.CAN_TIGHTEN)
    assert report.assessment is (Assessment.DRIFTED if drifted else Assessment.CONFORMS)


@pytest.mark.parametrize(("mutate", "name", "expected"), DETECTIONS.values(), ids=DETECTIONS)
def test_a_wrong_fake_of_a_sibling_is_found_over_http(broken_server, mutate, name, expected):
    """A plausible mistake is drift, and the report names the model."""
    report = run(broken_server(mutate), [BY_NAME[name]])
    found = [(str(one.kind), str(one.severity), one.where, not one.guess) for one in report.results[0].comparisons]
    assert expected in found
    assert {model: part.assessment for model, part in report.models.items()} == {
        BY_NAME[name].model: Assessment.DRIFTED
    }


def test_a_model_that_is_not_served_excuses_no_other(broken_server):
    """Of the models on a path, the retired ones are not served, and the living one is judged."""
    mutate = denied("AccessDenied", "Access denied.", 403)
    url = broken_server(lambda response: response if b"humanoid" in response.body else mutate(response))
    cases = [BY_NAME[name] for name in ("passed/as-documented", "wan2.2-s2v-detect/passed/as-documented")]
    models = run(url, cases).models
    assert models["emoji-detect-v1"].assessment is Assessment.NOT_SERVED
    assert models["wan2.2-s2v-detect"].assessment is Assessment.CONFORMS


@pytest.mark.parametrize(
    ("mutate", "names", "expected"), MUTATIONS_ACROSS_ANSWERS.values(), ids=MUTATIONS_ACROSS_ANSWERS
)
def test_a_mutation_across_answers_is_found(broken_server, mutate, names, expected):
    """A difference may show only in several answers together."""
    *_, last = run(broken_server(mutate), [BY_NAME[name] for name in names]).results
    assert expected in [(str(one.kind), str(one.severity), one.where, not one.guess) for one in last.comparisons]
    assert last.assessment is Assessment.DRIFTED


@pytest.mark.slow
def test_a_server_without_mutation_conforms(broken_server):
    """The wrapper itself changes no answer."""
    report = run(broken_server(lambda response: response), CASES)
    others = {result.case: result.reason for result in report.results if result.assessment is not Assessment.CONFORMS}
    assert set(others) == {case for case in CASES if case.wait_seconds}
    assert set(others.values()) == {"needs a clock that can be moved: only the fake in the process has one"}
    assert report.assessment is Assessment.CONFORMS


def denied(code, message, status):
    """Return a mutation that gives every request the same error."""

    def mutate(response):
        found = SAMPLE_ID if response.body[:1] != b"{" else json.loads(response.body)["request_id"]
        document = {"code": code, "message": message, "request_id": found}
        headers = dict(response.headers) | {"content-type": "application/json"}
        if "x-request-id" in headers:
            headers["x-request-id"] = found
        return Response(status, tuple(headers.items()), json.dumps(document, separators=(",", ":")).encode())

    return mutate


@pytest.mark.parametrize(
    ("code", "message", "status"),
    [
        ("AccessDenied", "Access denied.", 403),
        ("AccessDenied", "Access denied. For details, see: https://help.aliyun.com/zh/model-studio/error-code#access-denied", 403),
        ("InvalidParameter", "Model not exist.", 400),
        ("Model.AccessDenied", "Model access denied.", 403),
    ],
)  # fmt: skip
def test_a_model_that_is_not_served_is_not_drift(broken_server, code, message, status):
    """If every request that needs the model is denied, the target is not served."""
    report = run(broken_server(denied(code, message, status)), PAIRS)
    assert report.assessment is Assessment.NOT_SERVED
    assert {one.assessment for one in report.results} == {
        Assessment.NOT_SERVED,
        Assessment.CONFORMS,
        Assessment.SKIPPED,
    }
    result = next(one for one in report.results if one.case.name == "passed/as-documented")
    assert result.reason.startswith(f"this account or model is not served: {status} {code}, {message[:14]}")


def test_a_live_service_that_denies_the_model_is_not_served(fake_live):
    """`Model.AccessDenied` is not a transient error as `ModelUnavailable` is."""
    mutate = denied("Model.AccessDenied", "Model access denied.", 403)
    report = Runner(fake_live(mutate=mutate), budget=2, sleep=lambda _: None).run(PAIRS)
    assert report.assessment is Assessment.NOT_SERVED


def test_a_model_may_be_denied_after_the_request_is_checked(broken_server):
    """The order of the two checks is inferred: the model is not served if no detection is answered."""
    mutate = denied("AccessDenied", "Access denied.", 403)
    url = broken_server(lambda response: mutate(response) if b'"usage"' in response.body else response)
    report = run(url)
    assessments = {one.case.name: one.assessment for one in report.results}
    assert report.assessment is Assessment.NOT_SERVED
    assert assessments["input/missing"] is Assessment.CONFORMS
    assert assessments["passed/as-documented"] is Assessment.NOT_SERVED


def test_cases_checked_before_the_account_are_judged_for_a_retired_model():
    """Authentication, routing and parsing of the body do not need the model."""
    report = Runner(FakeTarget(Fake(Options(retired=True)))).run(PAIRS)
    assessments = {one.case.name: one.assessment for one in report.results}
    assert report.assessment is Assessment.NOT_SERVED
    assert assessments["auth/no-header"] is assessments["model/unknown"] is Assessment.CONFORMS


def test_one_denial_among_answers_is_drift(broken_server):
    """The model is not served only if every request that needs it is denied."""
    mutate = denied("AccessDenied", "Access denied.", 403)
    url = broken_server(lambda response: mutate(response) if b"EmptyInput" in response.body else response)
    assert {one.case.name: one.assessment for one in run(url).results}["input/missing"] is Assessment.DRIFTED


def test_a_difference_beside_denials_is_still_drift(broken_server):
    """A denied model does not excuse a changed answer to a call without a key."""
    mutate = denied("AccessDenied", "Access denied.", 403)

    def both(response):
        if b"No API-key" in response.body:
            return response._replace(body=response.body.replace(b"No API-key", b"No API key"))
        return mutate(response)

    assert run(broken_server(both)).assessment is Assessment.DRIFTED


def test_a_comparison_has_contract_fake_and_target():
    """Each comparison has the values of all three, even if only the fake differs."""
    status = Difference(DifferenceKind.STATUS, "status", "200", "400")
    order = Difference(DifferenceKind.KEY_ORDER, "body", "a, b", "b, a", guess=True)
    found = compare([status], [Difference(DifferenceKind.STATUS, "status", "200", "500"), order])
    assert [(one.kind, one.contract, one.fake, one.target) for one in found] == [
        (DifferenceKind.STATUS, "200", "500", "400"),
        (DifferenceKind.KEY_ORDER, "a, b", "b, a", AGREES),
    ]
    assert compare([status], [])[0].fake == AGREES


@pytest.mark.parametrize(
    ("name", "code", "status", "assessment"),
    [
        ("passed/as-documented", "Throttling.RateQuota", 429, Assessment.UNDECIDED),
        ("failed/InvalidFile.FacePose", "Throttling", 429, Assessment.UNDECIDED),
        ("error/Throttling.RateQuota", "Throttling.BurstRate", 429, Assessment.DRIFTED),
        ("passed/as-documented", "Throttling.RateQuota", 400, Assessment.DRIFTED),
        ("passed/as-documented", "Busy", 429, Assessment.DRIFTED),
    ],
)
def test_only_an_unexpected_throttling_is_undecided(broken_server, name, code, status, assessment):
    """Any server may throttle at any time; a throttling with another code or status is drift."""
    report = run(broken_server(denied(code, "Slow down.", status)), [BY_NAME[name]])
    assert report.assessment is assessment


def test_a_server_that_does_not_answer_has_drifted(broken_server):
    """A call without an answer is a difference of its own kind."""
    report = run(broken_server(lambda response: response._replace(body=b"x" * 2_000_000)), FEW[:1])
    assert report.results[0].comparisons[0].kind is DifferenceKind.NO_ANSWER
    assert "the answer has more than 1048576 bytes" in report.results[0].reason


def test_a_report_contains_no_secret(broken_server):
    """A key or signed URL in a server's answer is redacted in the report."""
    secret = "sk-0123456789abcdef0123456789abcdef"
    leak = f"{secret} https://x.oss-cn-beijing.aliyuncs.com/me.png?Signature=abc%2Bdef&Expires=1"
    mutate = denied("Leak", leak, 400)
    target = ServerTarget(broken_server(mutate), key=secret)
    report = Runner(target).run(FEW)
    target.close()
    text = str(report)
    assert "Leak" in text
    assert "0123456789abcdef" not in text
    assert "abc%2Bdef" not in text
