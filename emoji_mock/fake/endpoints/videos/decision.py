"""What is decided about a request for a task, and the facts about its model that all checks read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import field

from emoji_mock.contract.model import Result, TaskModel
from emoji_mock.contract.models import MODELS, row_at
from emoji_mock.contract.row import Outcome
from emoji_mock.contract.rows import failed, liveportrait, service
from emoji_mock.fake.accounting.ledger import Charge
from emoji_mock.fake.checks.request import JsonDecision

if TYPE_CHECKING:
    from emoji_mock.contract.geometry import Box
    from emoji_mock.contract.row import Row
    from emoji_mock.fake.store.values import VideoTask

BOXES = ("face_bbox", "ext_bbox")
"""The inputs that are boxes; all others are texts."""
_MEGABYTE = 1024 * 1024


class VideoDecision(JsonDecision):
    """What is decided about a request for a task. `image_url` is the URL of what is animated: a picture or a video."""

    given: dict[str, Any] = field(default_factory=dict[str, Any])
    """The input, in which every required field has a value of the right type."""
    parameters: dict[str, Any] = field(default_factory=dict[str, Any])
    """The parameters, with defaults."""
    boxes: tuple[Box, Box] | None = None
    """The face and the larger box that the caller names."""
    tier: str = ""
    """What the price depends on: a key of the model's prices."""
    seconds: float | None = None
    """The length of the result, if it is known."""
    task_failure: str = ""
    """The name of the row in which the task will end."""


def model_of(name: str) -> TaskModel:
    """Return the model `name`, whose calls create tasks."""
    model = MODELS[name]
    assert isinstance(model, TaskModel)  # noqa: S101 - the registry selects endpoints by model
    return model


def wrong(model: TaskModel, name: str) -> Row:
    """Return the row with which the model refuses the field `name` for its type or value."""
    return model.wrong.get(name, service.PARAMETER_INVALID)  # inferred: no words of the vendor's are known


def own(model: TaskModel, row: Row, other: Row) -> Row:
    """Return `row` if it is one of the model's own, else `other`."""
    return row if model.name in row.models else other


def unreachable(model: TaskModel) -> Row:
    """Return the row with which the model refuses a file that cannot be fetched; for `oss://` it is inferred."""
    return own(model, liveportrait.DOWNLOAD, service.CANNOT_DOWNLOAD)


def failure(model: TaskModel, row: Row) -> Row:
    """Return the row in which a task of the model ends where `row` refuses what it was given."""
    own = model.task_failure(row) if row.outcome is Outcome.FAILED else row_at(row, model) or row
    return own if own.code is not None else failed.NO_HUMAN  # inferred: a task that failed has a code


def limit_values(model: TaskModel) -> dict[str, str]:
    """Return the values that a message may hold of the model's limits of audio, else of video."""
    limits = model.audio or model.video
    if limits is None:
        return {}
    shortest, longest = limits.seconds
    return {
        "shortest": f"{shortest:g}",
        "longest": f"{longest:.0f}",
        "megabytes": f"{limits.longest / _MEGABYTE:.0f}",
    }


def charge_of(task: VideoTask, *, cancelled: bool = False) -> Charge | None:
    """Return what a task is billed, negative if it is cancelled; None if it is to fail, which is not billed."""
    if task.failure:
        return None
    seconds = model_of(task.model).billed_seconds(Result(task.seconds, task.tier, task.size))
    return Charge(task.model, task.tier, -seconds if cancelled else seconds)
