"""What a caller was told of its tasks."""

import pytest
from verdict_helpers import VIDEO, entry

from emoji_mock import Outcome
from emoji_mock.verdict.tasks import created_task_id, tasks_without_video
from emoji_mock.verdict.verdict import judge

TASK = "d5a2a1c4-6b0e-4a53-9d0f-0c2b8d0a7e11"
DONE = {"outcome": Outcome.DONE, "billed": False}
TOLD = f'{{{{"request_id":"","output":{{{{"task_id":"{TASK}","task_status":"{{}}"}}}}}}}}'
MADE = {**DONE, "target": VIDEO, "video": True, "response_body": TOLD.format("PENDING")}


@pytest.mark.parametrize(
    ("target", "body", "outcome", "gone"),
    [
        (f"/api/v1/tasks/{TASK}", TOLD.format("FAILED"), Outcome.DONE, True),
        (f"/api/v1/tasks/{TASK}", TOLD.format("CANCELED"), Outcome.DONE, True),
        (f"/api/v1/tasks/{TASK}", TOLD.format("RUNNING"), Outcome.DONE, False),
        (f"/api/v1/tasks/{TASK}", TOLD.format("FAILED"), Outcome.FAULT, False),
        (f"/api/v1/tasks/{TASK}", '{"output":', Outcome.DONE, False),
        (f"/tasks/{TASK}/cancel", '{"request_id":""}', Outcome.DONE, True),
        (f"/tasks/{TASK}/cancel", '{"request_id":""}', Outcome.ERROR, False),
        ("/api/v1/tasks", TOLD.format("FAILED"), Outcome.DONE, False),
    ],
)
def test_which_tasks_bring_no_video(target, body, outcome, gone):
    """Those that were told to have failed or to be cancelled, and those whose cancellation was taken."""
    asked = entry(2, 1, target=target, method="GET", response_body=body, billed=False, outcome=outcome)
    assert tasks_without_video([asked]) == ({TASK: 2} if gone else {})


def test_which_task_a_call_made():
    """The one that its answer names; an answer that is cut short names none."""
    assert created_task_id(entry(**MADE)) == TASK
    assert created_task_id(entry(**{**MADE, "response_body": TOLD[:40]})) == ""


def test_a_second_video_is_told_with_its_own_words():
    """Nobody pays for it yet: the task had been accepted."""
    (found,) = judge([entry(1, 0, **MADE), entry(2, 5, **MADE)])
    assert (found.name, found.exchanges) == ("paid-twice", (1, 2))
    assert found.done == "https://example.com/me.png: requested the same video again 5 s after it had been accepted"
