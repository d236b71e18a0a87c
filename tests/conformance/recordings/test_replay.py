"""Replay: a fake answers with recordings, and a run shows which recordings no longer match the contract."""

import json
import shutil
from pathlib import Path

import pytest
from answer_mutations import failed_as_400
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

BY_NAME = {case.name: case for case in CASES}
RECORDED = [case for case in CASES if case.model.startswith(("emoji-", "wan2.2-"))]
"""The cases of two pairs of models: those of all would take long."""
SAMPLES = Path(__file__).parents[3] / "fixtures" / "recordings"
FACE_POSE = "https://emoji-mock.test/failed/InvalidFile.FacePose.png"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with recordings of a fake that sends failed detections with HTTP 400; no test changes it."""
    path, target = tmp_path_factory.mktemp("recordings"), FakeTarget(Fake(Options(failed_as=400)))
    Runner(target, on_exchange=Recorder(path, target).write).run(RECORDED)
    return path


def test_a_recorded_answer_is_replayed(folder):
    """Every case gets its recorded answer with new ids and times; uploads and tasks are the fake's own."""
    alone = [case for case in RECORDED if not case.setup]
    expected = {
        one.case.name: one.comparisons for one in Runner(FakeTarget(Fake(Options(failed_as=400)))).run(alone).results
    }
    replayed = {
        one.case.name: one.comparisons for one in Runner(FakeTarget(Replay(load(folder)))).run(RECORDED).results
    }
    replayed = {name: comparisons for name, comparisons in replayed.items() if name in expected}
    assert replayed == expected
    assert replayed["failed/InvalidFile.FacePose"] != ()


def test_journal_and_ledger_follow_the_replayed_answer(folder, clock):
    """A recorded error is journalled as an error and not billed, although the fake itself would bill it."""
    fake = Replay(load(folder), Options(seed=1), clock=clock)
    answer = fake.answer(call(body(FACE_POSE), key="sk-anything"))
    entry = fake.store.journal().entries[0]
    assert (answer.status, entry.status, entry.code, entry.billed) == (400, 400, "InvalidFile.FacePose", False)
    assert json.loads(answer.body)["request_id"] == dict(answer.headers)["x-request-id"] == entry.request_id
    assert dict(answer.headers)["req-arrive-time"] == "1795366800000"
    assert sum(ledger.images for ledger in fake.store.ledgers().values()) == 0


def test_a_request_that_was_not_recorded_gets_the_fakes_own_answer(folder):
    """The spelling of JSON and the key do not matter for a match; another picture or a reserved key does."""
    fake = Replay(load(str(folder)))  # a path may be text
    other = call(body("https://emoji-mock.test/failed/FacePose.png"))
    assert fake.answer(other).status == 200
    spaced = json.dumps(json.loads(body(FACE_POSE)), indent=2).encode()
    assert fake.answer(call(spaced)).status == 400
    assert fake.answer(call(body(FACE_POSE), key="sk-mock-arrears")).status == 400
    assert b"Arrearage" in fake.answer(call(body(FACE_POSE), key="sk-mock-arrears")).body
    assert fake.answer(call(body(FACE_POSE), authorization=None)).status == 401


def test_a_recorded_error_of_a_sibling_is_told_in_its_own_order(tmp_path):
    """With `--details` the suffix is added, and the keys stay in the order of the model."""
    target = FakeTarget()
    Runner(target, on_exchange=Recorder(tmp_path, target).write).run(
        [BY_NAME["wan2.2-s2v-detect/error/DataInspectionFailed"]]
    )
    fake = Replay(load(tmp_path), Options(details=True))
    asked = BY_NAME["wan2.2-s2v-detect/error/DataInspectionFailed"]
    answer = fake.answer(asked.request(target.bind(asked)))
    assert list(json.loads(answer.body)) == ["code", "message", "request_id"]
    assert json.loads(answer.body)["message"].endswith("error-code#inappropriate-content")


def test_rules_apply_where_nothing_was_recorded(folder):
    """A replay without a matching recording follows its rules."""
    fake = Replay(load(str(folder)))  # a path may be text
    fake.store.add_rule(Rule(outcome="error", code="RateQuota"))
    assert fake.answer(call()).status == 429


def test_a_replay_can_be_intercepted(folder):
    """A replay can be used wherever a fake can."""
    import httpx2

    with emoji_mock.intercept(Replay(load(folder))):
        answer = httpx2.post(
            "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect",
            headers={"Authorization": "Bearer sk-x", "Content-Type": "application/json"},
            content=body(FACE_POSE),
        )
    assert answer.status_code == 400


def test_recordings_that_no_longer_match_the_contract_are_named(folder):
    """The cases that differed when they were recorded have drifted."""
    report = Runner(RecordedTarget(folder)).run(RECORDED)
    drifted = {one.case.name for one in report.results if one.assessment is Assessment.DRIFTED}
    emoji = {name for name in BY_NAME if name.startswith("failed/")}
    assert drifted == {"uploaded/too-small", *emoji, "wan2.2-s2v-detect/failed/s2v-not-passed"}
    assert report.assessment is Assessment.DRIFTED


def test_recordings_of_other_requests_and_strays_are_reported(folder, tmp_path):
    """A changed case needs a new recording; a recording without a case is a stray."""
    folder = shutil.copytree(folder, tmp_path / "changed")
    path = folder / "ratio" / "missing.json"
    path.write_text(path.read_text().replace('"parameters": {}', '"parameters": {"ratio": "9:9"}'))
    (folder / "old.json").write_text(
        (folder / "auth" / "no-header.json").read_text().replace("auth/no-header", "auth/gone")
    )
    (folder / "auth" / "basic.json").unlink()
    target = RecordedTarget(folder)
    reasons = {one.case.name: one.reason for one in Runner(target).run(RECORDED).results}
    assert reasons["ratio/missing"] == "recorded with another request: record it again"
    assert reasons["auth/basic"] == "not recorded"
    assert target.strays(CASES) == ["auth/gone"]


def test_a_recording_is_judged_as_the_live_answer_was(tmp_path, broken_server):
    """The results for a recording are equal to those for the server that was recorded."""
    from emoji_mock.conformance.targets.server import ServerTarget

    target = ServerTarget(broken_server(failed_as_400))
    live = Runner(target, on_exchange=Recorder(tmp_path, target).write).run([BY_NAME["failed/InvalidFile.Value"]])
    target.close()
    again = Runner(RecordedTarget(tmp_path)).run([BY_NAME["failed/InvalidFile.Value"]])
    assert again.results == live.results


def test_the_samples_still_match_the_contract():
    """The recordings in the repository are of the fake, and match the contract."""
    if not SAMPLES.exists():
        pytest.skip("only in a checkout: the tests also run against an installed wheel")
    samples = load(SAMPLES)
    assert {sample.of for sample in samples} == {"the fake"}
    report = Runner(RecordedTarget(SAMPLES)).run([BY_NAME[sample.case] for sample in samples])
    assert {one.assessment for one in report.results} == {Assessment.CONFORMS}
