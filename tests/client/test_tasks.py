"""Tests of waiting for a task: every state, every failure, how often, and for how long."""

import pickle
from datetime import datetime, timedelta, timezone

import pytest
from client_helpers import FACE_POSE, ID, refused

from emoji_mock.client import (
    ApiKeyError,
    CallLimits,
    NoVideoError,
    RequestError,
    ServiceError,
    Status,
    TaskFailedError,
    ThrottledError,
    TimedOutError,
    UnreadableAnswerError,
    Video,
)

TASK = "b271d7a3-2d7b-40a7-bf6d-5f851019529e"
LINK = "https://dashscope-result-bj.oss-cn-beijing.aliyuncs.com/1d/20261123/me.mp4?Expires=1&Signature=secret"
TIMES = '"submit_time":"2024-03-01 17:38:24.817","scheduled_time":"2024-03-01 17:38:24.831"'


def status_of(status, more="", usage="", task_id=TASK):
    """Return the service's response about a task."""
    output = f'"task_id":"{task_id}","task_status":"{status}"{more and "," + more}'
    return 200, f'{{"request_id":"{ID}","output":{{{output}}}{usage}}}'.encode()


PENDING = status_of("PENDING", '"submit_time":"2024-03-01 17:38:24.817"')
RUNNING = status_of("RUNNING", TIMES)
SUCCEEDED = status_of(
    "SUCCEEDED",
    f'{TIMES},"end_time":"2024-03-01 17:40:00.000","video_url":"{LINK}"',
    ',"usage":{"video_duration":2,"video_ratio":"standard"}',
)
FAILED = status_of("FAILED", f'{TIMES},"code":"InvalidFile.FacePose","message":"{FACE_POSE}"')
CANCELED, UNKNOWN = status_of("CANCELED"), status_of("UNKNOWN")
CHINA = timezone(timedelta(hours=8))


def test_wait_returns_the_video(way):
    """Each state is reported; the video has its link and its length."""
    client, states = way(PENDING, RUNNING, RUNNING, SUCCEEDED), []
    video = client.wait(TASK, progress=states.append)
    assert video == Video(LINK, TASK, 2)
    assert [task.status for task in states] == ["PENDING", "RUNNING", "RUNNING", "SUCCEEDED"]
    assert {(request.method, str(request.url)) for request in client.requests} == {
        ("GET", f"https://dashscope.aliyuncs.com/api/v1/tasks/{TASK}")
    }


def test_a_finished_task_is_polled_once(way):
    """A fake that makes videos at once is polled once."""
    client = way(SUCCEEDED)
    client.wait(TASK)
    assert client.slept == []


def test_pauses_grow_to_the_vendors_15_seconds(way):
    """The client polls at most once a second, and in the long run every 15 seconds."""
    client = way(*[RUNNING] * 8, SUCCEEDED)
    client.wait(TASK)
    assert client.slept == [1, 2, 4, 8, 15, 15, 15, 15]


@pytest.mark.parametrize("ending", [FAILED, CANCELED, UNKNOWN])
def test_no_video_is_an_error(way, ending):
    """For any final state but success, `wait` raises, and polls no more."""
    client = way(RUNNING, ending)
    with pytest.raises(NoVideoError) as caught:
        client.wait(TASK)
    assert caught.value.task.is_over
    assert (len(client.requests), caught.value.retryable, caught.value.billed) == (2, False, False)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), str(again), again.task) == (type(caught.value), str(caught.value), caught.value.task)


def test_why_there_is_no_video(way):
    """A failed task has the vendor's own message; a cancelled and an unknown one have messages of their own."""
    with pytest.raises(TaskFailedError) as failed:
        way(FAILED).wait(TASK)
    assert (failed.value.code, failed.value.message, failed.value.outcome) == (
        "InvalidFile.FacePose",
        FACE_POSE,
        "failed",
    )
    assert (failed.value.request_id, failed.value.task.status) == (ID, "FAILED")
    with pytest.raises(NoVideoError, match=f"task {TASK} was cancelled") as cancelled:
        way(CANCELED).wait(TASK)
    with pytest.raises(
        NoVideoError, match=r"unknown task .* expire after 24 hours, and only the account that created one can see it"
    ) as unknown:
        way(UNKNOWN).wait(TASK)
    assert {type(each.value) for each in (cancelled, unknown)} == {NoVideoError}
    assert {each.value.outcome for each in (cancelled, unknown)} == {"error"}


def test_the_deadline_ends_the_waiting(way):
    """It ends before a pause that would outlast it; the exception says that the task continues."""
    client = way(RUNNING, limits=CallLimits(video_deadline=20))
    with pytest.raises(
        TimedOutError, match=f"within the deadline of 20 s Task {TASK} is still running: wait for it again"
    ):
        client.wait(TASK)
    assert client.slept == [1, 2, 4, 8]


def test_a_detection_has_another_deadline(way):
    """A video takes longer than a detection may."""
    client = way(*[RUNNING] * 30, SUCCEEDED, limits=CallLimits(deadline=10))
    client.wait(TASK)
    assert client.now > 300


@pytest.mark.parametrize(
    "hiccup",
    [
        (429, refused("Throttling.RateQuota")),
        (500, refused("InternalError")),
        (503, b"<html>"),
        (200, b"<html>"),
        status_of("SUCCEEDED"),
        status_of("RUNNING", task_id="another"),
        status_of("STRANGE"),
        "ReadTimeout",
        "ReadError",
        "ConnectError",
    ],
    ids=str,
)
def test_a_poll_is_retried(way, hiccup):
    """A poll is free, so any failure is retried."""
    client = way(RUNNING, hiccup, SUCCEEDED)
    assert client.wait(TASK).url == LINK
    assert len(client.requests) == 3


@pytest.mark.parametrize(
    ("answer", "error", "polls"),
    [
        ((429, refused("Throttling")), ThrottledError, 4),
        ((500, refused("InternalError")), ServiceError, 4),
        ((200, b"{}"), UnreadableAnswerError, 4),
        ((401, refused("InvalidApiKey")), ApiKeyError, 1),
        ((404, b""), RequestError, 1),
    ],
)
def test_a_permanent_failure_is_raised(way, answer, error, polls):
    """After four attempts, or at once where another would not help."""
    client = way(answer)
    with pytest.raises(error) as caught:
        client.wait(TASK)
    assert (len(client.requests), caught.value.billed) == (polls, False)


def test_the_state_of_a_task(way):
    """Its times are in China's time zone; unknown ones are None."""
    task = way(RUNNING).task(TASK)
    assert (task.id, task.status, task.request_id, task.is_over, task.video) == (TASK, Status.RUNNING, ID, False, None)
    assert task.submitted == datetime(2024, 3, 1, 17, 38, 24, 817_000, CHINA)
    assert task.scheduled == datetime(2024, 3, 1, 17, 38, 24, 831_000, CHINA)
    assert task.ended is None
    assert way(SUCCEEDED).task(TASK).video == Video(LINK, TASK, 2)
    assert way(FAILED).task(TASK).video is None
    assert way(status_of("RUNNING", '"submit_time":"soon"')).task(TASK).submitted is None


def test_a_task_has_no_truth_value(way):
    """`if task:` raises, because a failed task is not a video."""
    task = way(FAILED).task(TASK)
    with pytest.raises(TypeError, match=r"has no truth value; call `client\.wait\(task\)` for its video"):
        bool(task)


def test_a_signed_link_is_not_shown(way):
    """Neither in the repr of the video nor in that of its task."""
    task = way(SUCCEEDED).task(TASK)
    assert "me.mp4" in repr(task)
    assert "secret" not in repr(task) + repr(task.video)


@pytest.mark.parametrize("task_id", ["", "../x", "a b", "a/cancel", "x" * 101, "é"])
def test_an_invalid_task_id_is_refused(way, task_id):
    """It would be part of a path."""
    client = way(SUCCEEDED)
    for ask in (client.wait, client.task, client.cancel):
        with pytest.raises(RequestError, match=r"^the task id must be like .*, not "):
            ask(task_id)
    assert client.requests == []


def test_cancel(way):
    """A pending task is cancelled; the vendor's error for any other is raised."""
    client = way(PENDING, (200, f'{{"request_id":"{ID}"}}'.encode()))
    assert client.cancel(client.task(TASK)) is None
    sent = client.requests[1]
    assert (sent.method, sent.url.path) == ("POST", f"/api/v1/tasks/{TASK}/cancel")
    message = "Failed to cancel the task, please confirm if the task is in PENDING status."
    client = way((400, refused("UnsupportedOperation", message)))
    with pytest.raises(RequestError, match="in PENDING status") as caught:
        client.cancel(TASK)
    assert (caught.value.code, len(client.requests)) == ("UnsupportedOperation", 1)
