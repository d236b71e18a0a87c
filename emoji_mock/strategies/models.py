"""Find the model that a strategy is for."""

from emoji_mock.contract.model import DetectionModel, TaskModel
from emoji_mock.contract.models import DETECTORS, TASK_MODELS


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
