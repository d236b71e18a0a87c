"""What the user says now comes before what was recorded; the journal and the bill follow the answer."""

import json
import logging

import pytest
from helpers import BODY, body, call, video_call

from emoji_mock import Fake, Limits, Options, Response, Rule
from emoji_mock.config.scenarios import find
from emoji_mock.conformance.recordings.recording import record_exchange
from emoji_mock.conformance.recordings.redaction import Redactor
from emoji_mock.conformance.recordings.replay import Replay
from emoji_mock.contract.exchange import Fault
from emoji_mock.fake.rules.scenario import Scenario

FACE = [300, 300, 400, 400]
PASSED = json.dumps(
    {"output": {"bbox_face": FACE, "ext_bbox_face": FACE}, "usage": {"image_count": 1}, "request_id": "r"}
).encode()
UNUSUAL = call(json.dumps({**BODY, "parameters": None}).encode(), content_type="text/plain")
"""A request that the fake refuses before it looks at limits and rules."""


def answer_of(row, **options):
    """Return the fake's answer by a rule."""
    fake = Fake(Options(**options))
    fake.store.add_rule(Rule(**row))
    return fake.answer(call())


def replay(*exchanges, report=lambda _: None, **options):
    """Return a replay of exchanges."""
    recordings = [
        record_exchange(f"case-{n}", "t", request, answer, Redactor()) for n, (request, answer) in enumerate(exchanges)
    ]
    return Replay(recordings, Options(**options), report=report)


@pytest.fixture(params=[call(), UNUSUAL], ids=["usual", "unusual"])
def request_(request):
    """A request that was recorded as passed: one that the fake would take, and one that it would refuse."""
    return request.param


@pytest.fixture
def recorded(request_):
    """A replay of that request."""
    return replay((request_, Response(200, (("x-recorded", "yes"),), PASSED)))


def face(answer):
    """Return the face in an answer."""
    return json.loads(answer.body)["output"]["bbox_face"]


def images(fake):
    """Return the numbers of calls and of billed images."""
    ledgers = fake.store.ledgers().values()
    return sum(one.calls for one in ledgers), sum(one.images for one in ledgers)


def test_without_a_word_of_the_user_the_recording_answers(recorded, request_):
    """It is billed as it was answered."""
    assert face(recorded.answer(request_)) == FACE
    assert images(recorded) == (1, 1)
    assert recorded.store.journal().entries[0].image_url == BODY["input"]["image_url"]


@pytest.mark.parametrize("namespace", ["*", "test"])
def test_a_rule_comes_first(recorded, request_, namespace):
    """As often as it says; then the recording answers again."""
    recorded.store.add_rule(Rule(outcome="error", code="RateQuota", times=2), namespace)
    assert [recorded.answer(request_).status for _ in range(3)] == [429, 429, 200]
    assert [(entry.status, entry.billed) for entry in recorded.store.journal().entries] == [
        (429, False), (429, False), (200, True),
    ]  # fmt: skip
    assert images(recorded) == (3, 1)


def test_a_rule_for_a_passed_picture_comes_first(recorded, request_):
    """With the face that it names."""
    recorded.store.add_rule(Rule(outcome="passed", face=(10, 10, 110, 110)))
    assert face(recorded.answer(request_)) == [10, 10, 110, 110]


def test_a_rule_that_does_not_match_changes_nothing(recorded, request_):
    """Another picture's rule is not used."""
    recorded.store.add_rule(Rule(outcome="error", code="RateQuota", image_url="*/other.png"))
    assert face(recorded.answer(request_)) == FACE
    assert recorded.store.rules()[0].used == 0


@pytest.mark.parametrize(
    ("limits", "statuses"),
    [
        (Limits(images=1), [200, 403, 403]),
        (Limits(spend=0.004), [200, 400, 400]),
        (Limits(rps=1), [200, 429, 429]),
        (Limits(burst=2), [200, 200, 429]),
    ],
)
def test_limits_come_first(recorded, request_, limits, statuses):
    """What was answered counts, and nothing else."""
    recorded.clock = lambda: 1_795_366_800.0
    recorded.store.set_limits(limits)
    assert [recorded.answer(request_).status for _ in range(3)] == statuses
    assert images(recorded) == (3, statuses.count(200))


@pytest.mark.parametrize(
    ("scenario", "ends"),
    [
        (find("retired-model"), [403, 403]),
        (Scenario(limits=Limits(images=1)), [200, 403]),
        (Scenario(rules=[Rule(outcome="failed", code="FacePose", times=1)]), ["InvalidFile.FacePose", 200]),
        (find("happy"), [200, 200]),
    ],
)
def test_a_scenario_comes_first(recorded, request_, scenario, ends):
    """Its rules and its limits; one without any changes nothing."""
    recorded.play(scenario)
    assert [
        json.loads(answer.body).get("output", {}).get("code") or answer.status
        for answer in (recorded.answer(request_) for _ in ends)
    ] == ends


def test_a_retired_model_comes_first(request_):
    """As `--retired` says."""
    fake = replay((request_, Response(200, (), PASSED)), retired=True)
    assert (fake.answer(request_).status, images(fake)) == (403, (1, 0))


def test_faults_and_latency_apply_to_the_recorded_answer(recorded, request_):
    """A fault that cuts an answer cuts the recorded one; latency delays it."""
    recorded.store.add_rule(Rule(fault="truncated_body", times=1))
    recorded.store.add_rule(Rule(latency=2.5, times=2))
    cut, late = recorded.answer(request_), recorded.answer(request_)
    assert isinstance(cut, Fault)
    assert face(cut.response) == FACE
    assert (late.delay, face(late)) == (2.5, FACE)


def test_what_was_refused_yields_to_rules_alone_where_the_fake_asks_for_them():
    """A recorded refusal keeps its place among the checks: it is not undone by a rule for what passes the checks."""
    refused = answer_of({"outcome": "error", "code": "ModelServingError"})
    fake = replay((call(), refused), (call(authorization=None), answer_of({"outcome": "error", "code": "Arrearage"})))
    fake.store.add_rule(Rule(outcome="passed", times=1))
    assert [fake.answer(call()).status for _ in range(2)] == [200, refused.status]
    fake.store.add_rule(Rule(outcome="passed"))
    assert fake.answer(call(authorization=None)).status == 400
    assert images(fake) == (3, 1)


@pytest.mark.parametrize("details", [False, True])
def test_a_failed_detection_takes_the_form_that_is_asked_for(details):
    """`failed_as` and `details` apply to a recorded refusal; without them it is answered as it was recorded."""
    row = {"outcome": "failed", "code": "FacePose"}
    fake = replay((call(), answer_of(row)), failed_as=400, details=details)
    expected = answer_of(row, failed_as=400, details=details)
    answer = fake.answer(call())
    assert (answer.status, json.loads(answer.body)["message"]) == (400, json.loads(expected.body)["message"])
    assert images(fake) == (1, 0)
    as_recorded = replay((call(), answer_of(row, failed_as=400))).answer(call())
    assert (as_recorded.status, json.loads(as_recorded.body)["code"]) == (400, "InvalidFile.FacePose")


def test_details_are_added_to_a_recorded_error_once():
    """Whether it was recorded with them or without."""
    row = {"outcome": "error", "code": "RateQuota"}
    wanted = json.loads(answer_of(row, details=True).body)["message"]
    for recorded in (False, True):
        answer = replay((call(), answer_of(row, details=recorded)), details=True).answer(call())
        assert (answer.status, json.loads(answer.body)["message"]) == (429, wanted)


def test_a_recorded_refusal_has_no_effect():
    """A task that was refused is not created, though the fake itself would create it."""
    refused = Response(400, (), b'{"code":"InvalidParameter","message":"m","request_id":"r"}')
    fake = replay((video_call({}), refused), time_scale=0)
    assert fake.answer(video_call({})).status == 400
    listed = fake.answer(call(b"", method="GET", target="/api/v1/tasks/"))
    assert json.loads(listed.body)["total"] == 0


def test_a_request_without_a_recording_is_reported_once():
    """With the nearest recording and what differs; not if a rule or a reserved key decides, and not for tasks."""
    said = []
    fake = replay((call(), Response(200, (), PASSED)), report=said.append)
    others = [call(body(f"https://example.com/{n}.png")) for n in range(3)]
    for request in (*others, *others, call(method="PUT"), call(), video_call({}), call(key="sk-mock-arrears")):
        fake.answer(request)
    fake.store.add_rule(Rule(outcome="error", code="RateQuota"))
    fake.answer(call(body(parameters={"ratio": "1:1", "more": 1})))
    path = "/services/aigc/image2video/face-detect"
    assert said == [
        f"no recording fits POST {path}: the nearest, case-0, differs in input.image_url. The fake answers itself.",
        f"no recording fits PUT {path}: none has this method and path. The fake answers itself.",
    ]


def test_reports_are_bounded_and_end_no_call():
    """Twenty sentences at most, the last of which says so; keys are redacted; a closed terminal is no error."""
    said = []

    def report(text):
        said.append(text)
        raise BrokenPipeError

    fake = replay((call(), Response(200, (), PASSED)), report=report)
    for n in range(300):
        assert fake.answer(call(target=f"/api/v1/{n}/sk-0123456789abcdef")).status == 404
    assert len(said) == 20
    assert said[-1].endswith(" Further such requests are not reported.")
    assert "0123456789abcdef" not in "".join(said)


def test_reports_are_logged_by_default(caplog):
    """So that a program and a test see them, too."""
    fake = Replay([record_exchange("a", "t", call(), Response(200, (), PASSED), Redactor())])
    with caplog.at_level(logging.WARNING, "emoji_mock"):
        fake.answer(call(body("https://example.com/you.png")))
    assert ["the nearest, a, differs in input.image_url" in record.message for record in caplog.records] == [True]
