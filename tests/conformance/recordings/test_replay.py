"""Replay: a fake answers with what was recorded, and the contract tells which recordings it has outgrown."""

import json

import pytest
from conformance_spoils import failed_as_400
from helpers import body, call

import emoji_mock
from emoji_mock import Fake, Options, Rule
from emoji_mock.conformance.cases import CASES
from emoji_mock.conformance.judge.result import Assessment
from emoji_mock.conformance.recordings.folder import Recorder, load
from emoji_mock.conformance.recordings.recorded_target import RecordedTarget
from emoji_mock.conformance.recordings.replay import Replay
from emoji_mock.conformance.runner import Runner
from emoji_mock.conformance.targets.fake import FakeTarget
from emoji_mock.contract.samples import recordings

BY_NAME = {case.name: case for case in CASES}
FACE_POSE = "https://emoji-mock.test/failed/InvalidFile.FacePose.png"


@pytest.fixture
def folder(tmp_path):
    """Recordings of a fake that gives failed detections as HTTP 400."""
    target = FakeTarget(Fake(Options(failed_as=400)))
    Runner(target, on_exchange=Recorder(tmp_path, target).write).run(CASES)
    return tmp_path


def test_what_was_recorded_is_what_is_said(folder):
    """Every case gets its recorded answer again, with ids and times of its own; uploads and tasks live in the fake."""
    alone = [case for case in CASES if not case.setup]
    honest = {
        one.case.name: one.comparisons for one in Runner(FakeTarget(Fake(Options(failed_as=400)))).run(alone).results
    }
    replayed = {one.case.name: one.comparisons for one in Runner(FakeTarget(Replay(load(folder)))).run(CASES).results}
    replayed = {name: comparisons for name, comparisons in replayed.items() if name in honest}
    assert replayed == honest
    assert replayed["failed/InvalidFile.FacePose"] != ()


def test_a_replayed_answer_is_journalled_and_not_billed_if_it_was_not(folder, clock):
    """Journal and ledger tell what was said, not what the fake would have said."""
    fake = Replay(load(folder), Options(seed=1), clock=clock)
    answer = fake.answer(call(body(FACE_POSE), key="sk-anything"))
    entry = fake.store.journal().entries[0]
    assert (answer.status, entry.status, entry.code, entry.billed) == (400, 400, "InvalidFile.FacePose", False)
    assert json.loads(answer.body)["request_id"] == dict(answer.headers)["x-request-id"] == entry.request_id
    assert dict(answer.headers)["req-arrive-time"] == "1795366800000"
    assert sum(ledger.images for ledger in fake.store.ledgers().values()) == 0


def test_a_request_that_was_not_recorded_gets_the_fakes_own_answer(folder):
    """Another picture, another form of JSON, another key: only what was recorded is replayed."""
    fake = Replay(load(str(folder)))  # a path may be text
    other = call(body("https://emoji-mock.test/failed/FacePose.png"))
    assert fake.answer(other).status == 200
    spaced = json.dumps(json.loads(body(FACE_POSE)), indent=2).encode()
    assert fake.answer(call(spaced)).status == 400
    assert fake.answer(call(body(FACE_POSE), key="sk-mock-arrears")).status == 400
    assert b"Arrearage" in fake.answer(call(body(FACE_POSE), key="sk-mock-arrears")).body
    assert fake.answer(call(body(FACE_POSE), authorization=None)).status == 401


def test_rules_hold_where_nothing_was_recorded(folder):
    """A replaying fake is a fake."""
    fake = Replay(load(str(folder)))  # a path may be text
    fake.store.add_rule(Rule(outcome="error", code="RateQuota"))
    assert fake.answer(call()).status == 429


def test_a_replay_answers_for_a_client_in_the_process(folder):
    """It can stand wherever a fake stands."""
    import httpx2

    with emoji_mock.intercept(Replay(load(folder))):
        answer = httpx2.post(
            "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect",
            headers={"Authorization": "Bearer sk-x", "Content-Type": "application/json"},
            content=body(FACE_POSE),
        )
    assert answer.status_code == 400


def test_recordings_that_no_longer_match_the_contract_are_named(folder):
    """The very cases that differed then are told now."""
    report = Runner(RecordedTarget(folder)).run(CASES)
    drifted = {one.case.name for one in report.results if one.assessment is Assessment.DRIFTED}
    assert drifted == {"uploaded/too-small", *(name for name in BY_NAME if name.startswith("failed/"))}
    assert report.assessment is Assessment.DRIFTED


def test_recordings_of_other_requests_and_strays_are_told(folder):
    """A case that has changed since wants a new recording; a recording without a case is a stray."""
    path = folder / "ratio" / "missing.json"
    path.write_text(path.read_text().replace('"parameters": {}', '"parameters": {"ratio": "9:9"}'))
    (folder / "old.json").write_text(
        (folder / "auth" / "no-header.json").read_text().replace("auth/no-header", "auth/gone")
    )
    (folder / "auth" / "basic.json").unlink()
    target = RecordedTarget(folder)
    reasons = {one.case.name: one.reason for one in Runner(target).run(CASES).results}
    assert reasons["ratio/missing"] == "recorded with another request: record it again"
    assert reasons["auth/basic"] == "not recorded"
    assert target.strays(CASES) == ["auth/gone"]


def test_a_spoilt_recording_is_found_out(tmp_path, wrong):
    """What a wrong server said is judged from its files as it was over the wire."""
    from emoji_mock.conformance.targets.server import ServerTarget

    target = ServerTarget(wrong(failed_as_400))
    live = Runner(target, on_exchange=Recorder(tmp_path, target).write).run([BY_NAME["failed/InvalidFile.Value"]])
    target.close()
    again = Runner(RecordedTarget(tmp_path)).run([BY_NAME["failed/InvalidFile.Value"]])
    assert again.results == live.results


def test_the_samples_still_match_the_contract():
    """The recordings in the repository are the fake's own, say so, and are what it says today."""
    samples = load(recordings())
    assert {sample.of for sample in samples} == {"the fake"}
    report = Runner(RecordedTarget(recordings())).run([BY_NAME[sample.case] for sample in samples])
    assert {one.assessment for one in report.results} == {Assessment.CONFORMS}
