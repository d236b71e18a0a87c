"""The flags of `animate` for what only some models take. They derive from the models of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emoji_mock.client.errors import EmojiError
from emoji_mock.client.plan.images import load_media
from emoji_mock.client.plan.orders import VIDEO_MODELS, check_options, needed_options
from emoji_mock.contract.endpoint import RATIO, VIDEO_MODEL
from emoji_mock.contract.models import DETECTORS, emo

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from decimal import Decimal

    from emoji_mock.contract.model import DetectionModel, TaskModel, TaskParameter

_MODELS = {model.name: model for model in VIDEO_MODELS.values()}
_PLACEHOLDERS = {"driven_id": "MOTION", "audio": "AUDIO", "template_id": "ID"}
_HELP = {
    "driven_id": "motion of the face, such as mengwa_kaixin",
    "audio": "what the picture says: a file, which is uploaded, or a URL",
    "template_id": "template of a motion that `create_template` of the client made",
}
_BOOLEANS = {"true": True, "false": False}


def add_options(parser: ArgumentParser) -> None:
    """Add `--model`, `--ratio`, and a flag for each input and parameter of any model."""
    parser.add_argument(
        "--model",
        choices=sorted(_MODELS),
        default=VIDEO_MODEL,
        help=f"model that makes the video (default: {VIDEO_MODEL}); its detection model inspects the image first",
    )
    parser.add_argument(
        "--ratio", choices=emo.DETECT.ratios, help=f"{emo.VIDEO.name}: shape of the video (default: {RATIO})"
    )
    for name, models in _takers().items():
        texts = {model.name: _describe(model, name) for model in models}
        alike = {text: ", ".join(name for name, own in texts.items() if own == text) for text in texts.values()}
        help_text = "; ".join(f"{names}: {text}" for text, names in alike.items())
        parser.add_argument(flag(name), dest=name, metavar=_PLACEHOLDERS.get(name, "VALUE"), help=help_text)


def flag(name: str) -> str:
    """Return the flag for an input or a parameter."""
    return "--driven" if name == "driven_id" else f"--{name.replace('_', '-')}"


def chosen_model(chosen: Namespace) -> TaskModel:
    """Return the model that makes the video."""
    return _MODELS[chosen.model]


def detector_of(chosen: Namespace) -> DetectionModel:
    """Return the model that inspects the image."""
    return next(DETECTORS[name] for name, model in VIDEO_MODELS.items() if model.name == chosen.model)


def given_flags(chosen: Namespace) -> list[str]:
    """Return the flags that were given of those that describe a video."""
    names = [*_takers(), "ratio"]
    return [flag(name) for name in names if getattr(chosen, name) is not None]


def given_options(chosen: Namespace) -> dict[str, Any]:
    """Return the arguments for `animate` of the client."""
    model = chosen_model(chosen)
    given = {name: getattr(chosen, name) for name in _takers() if getattr(chosen, name) is not None}
    return {name: _read(model.parameters.get(name), text) for name, text in given.items()}


def wrong_options(chosen: Namespace) -> str:
    """Return what is wrong with the options for the model, or "". Reads the audio file, which costs nothing yet."""
    model, options = chosen_model(chosen), given_options(chosen)
    needed = needed_options(model)
    taken = [*needed, *model.parameters]
    if chosen.ratio is not None and chosen.ratio not in detector_of(chosen).ratios:
        return f"{model.name} takes no --ratio {chosen.ratio}"
    if unknown := [flag(name) for name in options if name not in taken]:
        return f"{model.name} takes no {' and no '.join(unknown)}; it takes {', '.join(map(flag, taken))}"
    if not chosen.image or any(name not in options for name in needed):
        flags = " and ".join(f"{flag(name)} {_PLACEHOLDERS[name]}" for name in needed)
        return f"give IMAGE and {flags}, or --task ID (see `emoji-mock animate --help`)"
    try:
        check_options(model, options)
        if "audio" in options:
            load_media(options["audio"], model.name, "audio")
    except (EmojiError, ValueError, TypeError) as error:
        name, colon, rest = str(error).partition(":")
        return f"{flag(name)}{colon}{rest}" if name in _takers() else f"--audio: {error}"
    return ""


def price_of(chosen: Namespace) -> Decimal:
    """Return the price of a second of the video in CNY."""
    return chosen_model(chosen).price(chosen.resolution or chosen.ratio or "")


def _takers() -> dict[str, list[TaskModel]]:
    """Return every input and parameter with the models that take it."""
    takers: dict[str, list[TaskModel]] = {}
    for model in _MODELS.values():
        for name in (*needed_options(model), *model.parameters):
            takers.setdefault(name, []).append(model)
    return takers


def _describe(model: TaskModel, name: str) -> str:
    if name not in model.parameters:
        return _HELP[name]
    parameter = model.parameters[name]
    if parameter.values:
        what = ", ".join(parameter.values)
    else:
        what = "true, false" if parameter.bounds is None else "{:g} to {:g}".format(*parameter.bounds)
    default = str(parameter.default).lower() if isinstance(parameter.default, bool) else parameter.default
    return f"{what} (default: {default})"


def _read(parameter: TaskParameter | None, text: str) -> object:
    """Return the value that is written as `text`, or the text itself, which the check then refuses."""
    if parameter is None or parameter.values:
        return text
    if parameter.bounds is None:
        return _BOOLEANS.get(text.lower(), text)
    try:
        return int(text) if isinstance(parameter.default, int) else float(text)
    except ValueError:
        return text
