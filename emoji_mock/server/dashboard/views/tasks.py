"""The latest tasks: how far they are, and the videos that they made."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.contract.catalogue import find
from emoji_mock.contract.documents.motions import Status
from emoji_mock.contract.endpoint import RESULT_BUCKET
from emoji_mock.contract.model import TaskModel
from emoji_mock.contract.models import MODELS
from emoji_mock.fake.endpoints.tasks.video_file import signed_path

if TYPE_CHECKING:
    from emoji_mock.fake.options import Options
    from emoji_mock.fake.store.values import VideoTask
    from emoji_mock.server.control.steered import SteeredFake

SHOWN = 12
"""How many tasks are shown."""


class TaskRow(NamedTuple):
    """One task. `done` is from 0 to 100; `video` is a link that its account could follow; `template` an id."""

    task: VideoTask
    status: Status
    done: int
    left: int
    """How many seconds it still takes; of one that waits, until it begins."""
    code: str
    video: str
    template: str


class TasksView(NamedTuple):
    """What the region shows: tasks, the newest first, and whether there are more."""

    rows: list[TaskRow]
    more: bool


def view(fake: SteeredFake) -> TasksView:
    """Return the latest tasks of all accounts."""
    tasks, now = fake.store.latest_tasks(SHOWN + 1), fake.clock()
    return TasksView([row(task, now, fake.options) for task in tasks[:SHOWN]], len(tasks) > SHOWN)


def row(task: VideoTask, now: float, options: Options) -> TaskRow:
    """Return what is shown of a task at the time `now`."""
    status = task.status(now)
    share = (now - task.begins) / task.takes if task.takes else 1.0
    done = 100 if status is Status.SUCCEEDED else max(0, min(100, int(100 * share)))
    waits = task.begins if status is Status.PENDING else task.ends
    code = find(task.failure).code or "" if status is Status.FAILED else ""
    video = template = ""
    if status is Status.SUCCEEDED:
        model = MODELS.get(task.model)
        if isinstance(model, TaskModel) and model.result == "template_id":
            template = task.template_id
        else:
            video = f"/{RESULT_BUCKET}/{signed_path(task, options)}"
    return TaskRow(task, status, done, max(0, round(waits - now)), code, video, template)
