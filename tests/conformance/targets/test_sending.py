"""Setup requests: their answers fill placeholders, a failure is reported, and no upload goes to another host."""

import json

from answer_mutations import edited

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
    """Return the result of one case against a server."""
    target = ServerTarget(url)
    try:
        return Runner(target).run([BY_NAME[name]]).results[0]
    finally:
        target.close()


def test_a_setup_request_captures_values():
    """The case reads the task that its setup has created, with an account of its own."""
    target = FakeTarget()
    bindings, request, response = send_case(
        BY_NAME["task/running"], target.bind(BY_NAME["task/running"]), target.send, target.wait
    )
    task = bindings.captured["<task id>"]
    assert request.target == f"/api/v1/tasks/{task}"
    assert json.loads(response.body)["output"]["task_id"] == task
    assert dict(request.headers)["authorization"].endswith("task-running")


def test_a_failed_setup_is_reported(broken_server):
    """A case whose setup fails is undecided; the reason names the request and its status."""
    mutate = edited(lambda document: {"code": "InternalError"} if "PENDING" in str(document) else None)
    result = result_of(broken_server(mutate), "task/running")
    assert result.assessment is Assessment.UNDECIDED
    reason = "the setup failed: POST /api/v1/services/aigc/image2video/video-synthesis got 200"
    assert result.reason == reason


def test_a_server_cannot_direct_an_upload_to_another_host(broken_server):
    """An upload goes to the server itself, or from the live service to the vendor's storage."""
    mutate = edited(lambda document: document.get("data", {}).update(upload_host="https://example.com/take"))
    result = result_of(broken_server(mutate), "upload/stored")
    assert result.assessment is Assessment.DRIFTED
    assert result.reason == "the server names another host, example.com: nothing was sent there"


def test_a_case_that_makes_a_video_is_not_sent_to_the_live_service():
    """Cases with an unknown price, for a fake only, or with a wait are skipped; free ones are sent."""
    target = ServerTarget("https://dashscope.aliyuncs.com", key="sk-0123456789abcdef")
    reasons = {name: target.bind(BY_NAME[name]) for name in ("task/running", "accepted/as-documented", "uploaded/passed", "upload/expired")}  # fmt: skip
    sent = [case for case in CASES if not isinstance(target.bind(case), str)]
    target.close()
    assert reasons == {
        "task/running": "makes a video, which costs more than images",
        "accepted/as-documented": "makes a video, which costs more than images",
        "uploaded/passed": "applies to a fake only",
        "upload/expired": "needs a clock that can be moved: only the fake in the process has one",
    }
    assert {"task/unknown", "video/not-asynchronous", "policy/granted", "list/page"} <= {case.name for case in sent}
    assert not any(setup.path.endswith("video-synthesis") for case in sent for setup in case.setup)


def test_a_recorded_upload_contains_no_policy(tmp_path):
    """Policy, signature and folder are recorded as placeholders, in the form and in the answer."""
    target, captured = FakeTarget(Fake()), []
    recorder = Recorder(tmp_path, target, clock=lambda: 0.0)

    def write(case, exchange):
        captured.append(exchange.bindings.captured)
        recorder.write(case, exchange)

    Runner(target, on_exchange=write).run([BY_NAME["upload/no-file"], BY_NAME["upload/other-key"]])
    text = "".join(path.read_text() for path in tmp_path.rglob("*.json"))
    assert "<policy>" in text
    assert "<upload dir>" in text
    secrets = [values[name] for values in captured for name in ("<policy>", "<signature>", "<upload dir>")]
    assert len(secrets) == 6
    assert [secret for secret in secrets if secret in text] == []
