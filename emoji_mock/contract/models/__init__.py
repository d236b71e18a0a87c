"""The vendor's models, one module per family. A fact about a model stands here and nowhere else."""

from types import MappingProxyType

from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.model import DetectionModel, Model, TaskModel
from emoji_mock.contract.models import animate_anyone, emo, emoji, liveportrait, videoretalk, wan_s2v
from emoji_mock.contract.row import Outcome, Row

DETECTION_MODELS: tuple[DetectionModel, ...] = (
    emoji.DETECT,
    emo.DETECT,
    wan_s2v.DETECT,
    liveportrait.DETECT,
    animate_anyone.DETECT,
)
"""The models that inspect a portrait."""
TASK_MODELS: tuple[TaskModel, ...] = (
    emoji.VIDEO,
    emo.VIDEO,
    wan_s2v.VIDEO,
    liveportrait.VIDEO,
    animate_anyone.VIDEO,
    animate_anyone.TEMPLATE,
    videoretalk.VIDEO,
)
"""The models whose calls create tasks."""
MODELS = MappingProxyType({model.name: model for model in (*DETECTION_MODELS, *TASK_MODELS)})
"""Every model by its name."""
DETECTORS = MappingProxyType({model.name: model for model in DETECTION_MODELS})
"""The models that inspect a portrait, by name."""
IMAGE_PRICE = max(model.price for model in DETECTION_MODELS)
"""The price of an image in CNY, passed or failed: the same for every model (tests/contract/test_prices.py)."""

_OWN = {
    (name, row.code): row
    for row in ROWS
    if row.outcome is Outcome.ERROR and row.code is not None
    for name in row.models
}


def answers(model: Model | None, row: Row) -> bool:
    """Return whether a call for `model` can end in `row`, or the task that it creates."""
    if row_at(row, model) is not None:
        return True
    return isinstance(model, TaskModel) and row.outcome is Outcome.FAILED and row_at(row, model.detector) is not None


def row_at(row: Row, model: Model | None) -> Row | None:
    """Return the row that `model` answers where `row` is asked for, or None if it never answers it.

    A failed detection has the model's own words, and so has an error that is known by its code alone. Without a model,
    a row is answered as it is.
    """
    if model is None:
        return row
    if row.outcome is Outcome.FAILED and isinstance(model, DetectionModel):
        return model.failure(row)
    if row.models and model.name not in row.models:
        return None
    return _OWN.get((model.name, row.code), row) if row.code is not None and row.name == row.code else row


def find_detector(name: str) -> DetectionModel:
    """Return the detection model of that name. Raises ValueError."""
    if name not in DETECTORS:
        raise ValueError(f"model: {name!r} inspects no picture; use one of {', '.join(DETECTORS)}")
    return DETECTORS[name]


def find_task_model(name: str) -> TaskModel:
    """Return the model of that name whose calls create tasks. Raises ValueError."""
    found = {model.name: model for model in TASK_MODELS}
    if name not in found:
        raise ValueError(f"model: {name!r} creates no tasks; use one of {', '.join(found)}")
    return found[name]
