"""The page of the models: where each answers, what it costs and takes, and when it is retired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answers import good_answers
from catalogue import page_of
from layout import block, code, page, plain, table

from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.model import DetectionModel, MediaLimits, Model, TaskModel
from emoji_mock.contract.models import DETECTION_MODELS, MODELS, TASK_MODELS
from emoji_mock.fake.endpoints.explain import explain_model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_INTRODUCTION = """\
The vendor serves five detection models, and seven that make videos or templates. The fake serves
all of them. `emoji-mock catalogue --models` prints these tables.
"""
_ONE = """\
A rule, a magic URL or a reserved key works for every model, in the words of that model. The page
of a code shows each model's own bytes: [InvalidFile.FacePose](catalogue/InvalidFile.FacePose.md).
A rule with `model` is for one model alone. A rule whose answer a model never gives applies to the
others.
"""
_RETIRED = """\
By default all models answer. `--as-of 2026-10-11` answers as on that day in China: a model that
was retired by then gets 403 [AccessDenied](catalogue/AccessDenied.md). That answer is inferred: no
answer of a retired model is known. [Move to a successor](../recipes/successor.md) tests both.
"""
_MEGABYTE = 1024 * 1024


def pages() -> dict[str, str]:
    """Return the page by its path."""
    return {
        "models.md": page(
            "Models",
            _INTRODUCTION,
            _models(DETECTION_MODELS, "an image"),
            _models(TASK_MODELS, "a second"),
            "## One vocabulary for all",
            _ONE,
            "## Before and after a retirement",
            _RETIRED,
            *(part for model in MODELS.values() for part in _section(model)),
        )
    }


def _models(models: Iterable[Model], unit: str) -> str:
    headings = ("Model", f"CNY {unit}", f"Free {unit.split()[1]}s", "Calls a second", "Retired")
    return table(headings, map(_line, models))


def _line(model: Model) -> tuple[str, ...]:
    known = explain_model(model)
    retired = known.retired or f"no ({known.fate_known[0]})"
    return f"[`{model.name}`](#{_anchor(model)})", _amounts(model), str(model.free), str(model.rps), retired


def _anchor(model: Model) -> str:
    return model.name.replace(".", "")


def _prices(model: Model) -> str:
    return f"{_amounts(model)} {'an image' if isinstance(model, DetectionModel) else 'a second'}"


def _amounts(model: Model) -> str:
    return ", ".join(f"{price:f}{f' ({tier})' if tier else ''}" for tier, price in model.prices.items())


def _section(model: Model) -> Iterator[str]:
    yield f"## {model.name}"
    rows = [("What it is", model.title), ("Path", code(f"{model.route.methods[0]} {model.route.full_path}"))]
    rows += [("Price in CNY", _prices(model)), ("Terms known", plain(str(model.terms)))]
    if model.retirement is not None:
        end = model.retirement
        successor = f"; the vendor names `{end.successor}`" if end.successor else ""
        rows.append(("Retired", f"{end.at:%Y-%m-%d}{successor}; {plain(str(end.provenance))}"))
    rows += [*_pictures(model), *(_of_tasks(model) if isinstance(model, TaskModel) else _of_detections(model))]
    own = {page_of(row): None for row in ROWS if model.name in row.models}
    if own:
        rows.append(("Codes that not every model has", " ".join(f"[`{name}`](catalogue/{name}.md)" for name in own)))
    yield table(("", ""), rows)
    names = ("A picture that passes",) if isinstance(model, DetectionModel) else ("Accepted", "Done")
    for name, answer in zip(names, good_answers(model), strict=True):
        yield f"{name}:"
        yield block("http", str(answer))


def _pictures(model: Model) -> Iterator[tuple[str, str]]:
    if (limits := model.pictures) is None:
        return
    shortest, longest = limits.sides
    sides = f"sides from {shortest} to {longest} pixels" if shortest > 1 else f"sides up to {longest} pixels"
    aspect = f", height / width from {limits.aspect[0]:g} to {limits.aspect[1]:g}" if limits.aspect else ""
    yield "Pictures", f"{' '.join(limits.formats)}, {_size(limits.longest)}, {sides}{aspect}"


def _size(longest: int) -> str:
    below = (longest + 1) % _MEGABYTE == 0
    return f"{'less than' if below else 'up to'} {-(-longest // _MEGABYTE)} MB"


def _of_detections(model: Model) -> Iterator[tuple[str, str]]:
    if isinstance(model, DetectionModel):
        yield "Boxes in the answer", " ".join(map(code, model.boxes)) or "none"
        yield "`parameters.ratio`", " ".join(map(code, model.ratios)) or "no such parameter"


def _of_tasks(model: TaskModel) -> Iterator[tuple[str, str]]:
    yield "Detector", code(model.detector.name) if model.detector else "none"
    optional = f"; optional {' '.join(map(code, model.optional))}" if model.optional else ""
    yield "`input`", " ".join(map(code, model.fields)) + optional
    for name, one in model.parameters.items():
        values = " ".join(map(code, one.values)) if one.values else ""
        values = values or (f"from {one.bounds[0]:g} to {one.bounds[1]:g}" if one.bounds else "true or false")
        yield f"`parameters.{name}`", f"{values}; default {code(_shown(one.default))}"
    for name, limits in (("Audio", model.audio), ("Video", model.video)):
        if limits is not None:
            yield name, _media(limits)
    if model.running is not None:
        yield "Tasks at a time", str(model.running)
    yield "Frames a second", str(model.fps)
    yield "Result", code(f"output.{model.result}")


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _media(limits: MediaLimits) -> str:
    shortest, longest = limits.seconds
    parts = [" ".join(limits.containers), _size(limits.longest), f"{shortest:g} to {longest:g} seconds"]
    if limits.sides:
        parts.append(f"sides from {limits.sides[0]} to {limits.sides[1]} pixels")
    if limits.least_fps:
        parts.append(f"at least {limits.least_fps:g} frames a second")
    return ", ".join(parts)
