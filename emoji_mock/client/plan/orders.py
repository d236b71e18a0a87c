"""Turn the arguments of a call for a video into an order: the model, its files and its parameters.

What the model does not take is refused here, before anything is sent.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from emoji_mock._support.validation import unknown
from emoji_mock.client.errors import DetectionFailedError, RequestError
from emoji_mock.client.plan.images import load_image, load_media, reload_image
from emoji_mock.client.results import Failed, Passed, PassedAnimate, PassedLivePortrait, PassedS2v
from emoji_mock.contract.documents.motions import DRIVEN_IDS, DrivenId
from emoji_mock.contract.models import TASK_MODELS, animate_anyone, videoretalk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emoji_mock.client.image_ref import ImageFile, ImageSource
    from emoji_mock.client.results import AnyPassed
    from emoji_mock.contract.model import TaskModel, TaskParameter

NOT_GIVEN: Any = ...
"""The default of an argument that only some models take."""

VIDEO_MODELS: Mapping[str, TaskModel] = MappingProxyType(
    {model.detector.name: model for model in TASK_MODELS if model.detector is not None}
)
"""The model that makes a video of a picture, by the name of the model that the picture passed."""

_FROM_RESULT = ("image_url", "face_bbox", "ext_bbox")
"""The fields of a request that come with the result of the detection."""


class TaskOrder(NamedTuple):
    """A task to create: files by their fields, each a URL or a file to upload, other inputs, and parameters."""

    model: TaskModel
    files: Mapping[str, str | ImageFile]
    values: Mapping[str, object]
    parameters: Mapping[str, object]


def order_animation(passed: object, driven_id: object, options: Mapping[str, Any]) -> TaskOrder:
    """Return the order of a video of a picture that passed.

    Reads the files. Raises EmojiError, and TypeError or ValueError for options that the model does not take.
    """
    if isinstance(passed, Failed):
        why = "A failed detection has no boxes, so" if passed.model in _WITH_BOXES else "A picture failed, and"
        raise DetectionFailedError(passed, hint=f"{why} no video can be made: use another picture.")
    if not isinstance(passed, Passed | PassedS2v | PassedLivePortrait | PassedAnimate):
        raise RequestError(f"animate: must be given the Passed that `detect` returned, not {type(passed).__name__}")
    found = cast("AnyPassed", passed)
    model = VIDEO_MODELS[found.model]
    given: dict[str, Any] = {**options} if driven_id is NOT_GIVEN else {"driven_id": driven_id, **options}
    parameters = check_options(model, given)
    values: dict[str, object] = {field: given[field] for field in model.fields if field in given}
    if isinstance(found, Passed):
        values |= {"face_bbox": found.face.as_tuple(), "ext_bbox": found.ext.as_tuple()}
    files = {"image_url": reload_image(found.picture, model.name)}
    if "audio" in given:
        files["audio_url"] = load_media(given["audio"], model.name, "audio")
    return TaskOrder(model, files, values, parameters)


def order_template(video: ImageSource) -> TaskOrder:
    """Return the order of a template of the motion in `video`. Reads the file. Raises EmojiError."""
    model = animate_anyone.TEMPLATE
    return TaskOrder(model, {"video_url": load_media(video, model.name, "video")}, {}, {})


def order_retalk(
    video: ImageSource, audio: ImageSource, ref_image: ImageSource | None, options: Mapping[str, Any]
) -> TaskOrder:
    """Return the order of a video whose person speaks `audio`. Reads the files. Raises as `order_animation` does."""
    model = videoretalk.VIDEO
    parameters = _check_parameters(model, options, [*model.parameters])
    files = {
        "video_url": load_media(video, model.name, "video"),
        "audio_url": load_media(audio, model.name, "audio"),
    }
    if ref_image is not None:
        files["ref_image_url"] = load_image(ref_image, model.name)
    return TaskOrder(model, files, {}, parameters)


def require_driven_id(driven_id: object) -> DrivenId:
    """Return `driven_id` if the vendor has this motion. Raises RequestError, which names similar ones."""
    for known in DRIVEN_IDS:
        if known == driven_id:
            return known
    raise RequestError(f"driven_id: {unknown('motion', driven_id, DRIVEN_IDS)}")


def needed_options(model: TaskModel) -> list[str]:
    """Return the names of the arguments that a video of this model needs beside the result of the detection."""
    return [_argument(field) for field in model.fields if field not in _FROM_RESULT]


_WITH_BOXES = [model.detector.name for model in TASK_MODELS if model.detector is not None and model.detector.boxes]


def _argument(field: str) -> str:
    return field.removesuffix("_url") if field in {"audio_url", "video_url"} else field


def check_options(model: TaskModel, given: Mapping[str, Any]) -> dict[str, object]:
    """Check the arguments for one model, and return those that are parameters."""
    needed = needed_options(model)
    parameters = _check_parameters(model, given, [*needed, *model.parameters])
    if missing := [name for name in needed if name not in given]:
        raise TypeError(f"{model.name} needs {' and '.join(missing)}")
    if "driven_id" in needed:
        require_driven_id(given["driven_id"])
    if "template_id" in needed and not (isinstance(given["template_id"], str) and given["template_id"]):
        raise ValueError(f"template_id: must be the id that `wait_for_template` returned, not {given['template_id']!r}")
    return parameters


def _check_parameters(model: TaskModel, given: Mapping[str, Any], taken: list[str]) -> dict[str, object]:
    if unknown := [name for name in given if name not in taken]:
        raise TypeError(f"{model.name} takes no {' and no '.join(unknown)}; it takes {', '.join(taken)}")
    found = {name: value for name, value in given.items() if name in model.parameters}
    for name, value in found.items():
        if not model.parameters[name].accepts(value):
            raise ValueError(f"{name}: {model.name} takes {_accepted(model.parameters[name])}, not {value!r}")
    return found


def _accepted(parameter: TaskParameter) -> str:
    if parameter.values:
        return " or ".join(map(repr, parameter.values))
    if parameter.bounds is None:
        return "True or False"
    kind = "a whole number" if isinstance(parameter.default, int) else "a number"
    return f"{kind} from {parameter.bounds[0]:g} to {parameter.bounds[1]:g}"
