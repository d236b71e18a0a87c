"""Requests in a row: words are filled in from answers, a step that goes wrong is told, and nothing goes astray."""

import json

from conformance_spoils import edited

from emoji_mock import Fake
from emoji_mock.conformance.cases import CASES
from emoji_mock.conformance.judge.result import Assessment
from emoji_mock.conformance.recordings.folder import Recorder
from emoji_mock.conformance.runner import Runner
from emoji_mock.conformance.targets.fake import FakeTarget
from emoji_mock.conformance.targets.sending import send_case
from emoji_mock.conformance.targets.server import ServerTarget

BY_NAME = {case.name: case for case in CASES}


def result_of(url, name):
    """Return what is said of one case asked of a server."""
    target = ServerTarget(url)
    try:
        return Runner(target).run([BY_NAME[name]]).results[0]
    finally:
        target.close()


def test_words_are_filled_in_from_answers():
    """The task that was created is the one that is asked for, under an account of the case's own."""
    target = FakeTarget()
    bindings, request, response = send_case(
        BY_NAME["task/running"], target.bind(BY_NAME["task/running"]), target.send, target.wait
    )
    task = bindings.captured["<task id>"]
    assert request.target == f"/api/v1/tasks/{task}"
    assert json.loads(response.body)["output"]["task_id"] == task
    assert dict(request.headers)["authorization"].endswith("task-running")


def test_a_step_that_goes_wrong_is_told(wrong):
    """Without a task there is nothing to ask for: the case says which request got what."""
    spoil = edited(lambda document: {"code": "InternalError"} if "PENDING" in str(document) else None)
    result = result_of(wrong(spoil), "task/running")
    assert result.assessment is Assessment.UNDECIDED
    told = "the setup failed: POST /api/v1/services/aigc/image2video/video-synthesis got 200"
    assert result.reason == told


def test_a_server_cannot_send_a_picture_elsewhere(wrong):
    """An upload goes to the server itself, or to the vendor's storage if that is asked; to nobody else."""
    spoil = edited(lambda document: document.get("data", {}).update(upload_host="https://example.com/take"))
    result = result_of(wrong(spoil), "upload/stored")
    assert result.assessment is Assessment.DRIFTED
    assert result.reason == "the server names another host, example.com: nothing was sent there"


def test_what_makes_a_video_is_not_asked_of_the_live_service():
    """Its price is not known; what is free is asked, and time is not waited for."""
    target = ServerTarget("https://dashscope.aliyuncs.com", key="sk-0123456789abcdef")
    reasons = {name: target.bind(BY_NAME[name]) for name in ("task/running", "accepted/as-documented", "uploaded/passed", "upload/expired")}  # fmt: skip
    asked = [case for case in CASES if not isinstance(target.bind(case), str)]
    target.close()
    assert reasons == {
        "task/running": "makes a video, whose price is not known",
        "accepted/as-documented": "makes a video, whose price is not known",
        "uploaded/passed": "applies to a fake only",
        "upload/expired": "needs a clock that can be moved: only the fake in the process has one",
    }
    assert {"task/unknown", "video/not-asynchronous", "policy/granted", "list/page"} <= {case.name for case in asked}
    assert not any(step.path.endswith("video-synthesis") for case in asked for step in case.setup)


def test_a_recorded_upload_holds_no_policy(tmp_path):
    """Policy, signature and folder stand as words, in the form and in the answer."""
    target, seen = FakeTarget(Fake()), []
    recorder = Recorder(tmp_path, target, clock=lambda: 0.0)

    def write(case, exchange):
        seen.append(exchange.bindings.captured)
        recorder.write(case, exchange)

    Runner(target, on_exchange=write).run([BY_NAME["upload/no-file"], BY_NAME["upload/other-key"]])
    text = "".join(path.read_text() for path in tmp_path.rglob("*.json"))
    assert "<policy>" in text
    assert "<upload dir>" in text
    secrets = [captured[word] for captured in seen for word in ("<policy>", "<signature>", "<upload dir>")]
    assert len(secrets) == 6
    assert [secret for secret in secrets if secret in text] == []
