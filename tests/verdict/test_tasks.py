"""Tests of the facts about tasks that a caller knows."""

import pytest
from verdict_helpers import VIDEO, entry

from emoji_mock import Outcome
from emoji_mock.verdict.tasks import created_task_id, tasks_without_video
from emoji_mock.verdict.verdict import judge

TASK = "d5a2a1c4-6b0e-4a53-9d0f-0c2b8d0a7e11"
DONE = {"outcome": Outcome.DONE, "billed": False}
BODY = f'{{{{"request_id":"","output":{{{{"task_id":"{TASK}","task_status":"{{}}"}}}}}}}}'
MADE = {**DONE, "target": VIDEO, "video": True, "response_body": BODY.format("PENDING")}


@pytest.mark.parametrize(
    ("target", "body", "outcome", "gone"),
    [
        (f"/api/v1/tasks/{TASK}", BODY.format("FAILED"), Outcome.DONE, True),
        (f"/api/v1/tasks/{TASK}", BODY.format("CANCELED"), Outcome.DONE, True),
        (f"/api/v1/tasks/{TASK}", BODY.format("RUNNING"), Outcome.DONE, False),
        (f"/api/v1/tasks/{TASK}", BODY.format("FAILED"), Outcome.FAULT, False),
        (f"/api/v1/tasks/{TASK}", '{"output":', Outcome.DONE, False),
        (f"/tasks/{TASK}/cancel", '{"request_id":""}', Outcome.DONE, True),
        (f"/tasks/{TASK}/cancel", '{"request_id":""}', Outcome.ERROR, False),
        ("/api/v1/tasks", BODY.format("FAILED"), Outcome.DONE, False),
    ],
)
def test_tasks_without_video(target, body, outcome, gone):
    """Tasks that an answer reported as failed or cancelled, and tasks whose cancellation was accepted."""
    poll = entry(2, 1, target=target, method="GET", response_body=body, billed=False, outcome=outcome)
    assert tasks_without_video([poll]) == ({TASK: 2} if gone else {})


def test_the_task_of_a_video_request():
    """It is the one in the answer; an answer that was cut has none."""
    assert created_task_id(entry(**MADE)) == TASK
    assert created_task_id(entry(**{**MADE, "response_body": BODY[:40]})) == ""


def test_a_second_video_has_words_of_its_own():
    """It is not billed yet: the task had been accepted."""
    (found,) = judge([entry(1, 0, **MADE), entry(2, 5, **MADE)])
    assert (found.name, found.exchanges) == ("paid-twice", (1, 2))
    assert found.done == "https://example.com/me.png: requested the same video again 5 s after it had been accepted"
