"""The sample documents: the vendor's exact answer for each row of the catalogue, and the verdicts of each model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emoji_mock.contract.endpoint import MODEL

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def folder(name: str) -> Traversable:
    """Return a folder of `fixtures`: inside the installed package, or in the checkout."""
    from importlib.resources import files  # noqa: PLC0415 - loads 20 modules, and few need a sample

    packaged = files("emoji_mock") / "fixtures" / name
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "fixtures" / name


def responses() -> Traversable:
    """Return the folder of sample responses."""
    return folder("responses")


def response(name: str) -> dict[str, Any]:
    """Return the sample of that name: outcome, status, billing, the models that alone have it, provenance and body.

    Names are those of rows, `passed` (of emoji-detect-v1), and `passed.MODEL` and `failed.MODEL` of the other models.
    """
    document: dict[str, Any] = json.loads((responses() / f"{name}.json").read_text("utf-8"))
    return document


def passed(model: str) -> dict[str, Any]:
    """Return the sample of a picture that passes the model."""
    return response("passed" if model == MODEL else f"passed.{model}")


def video(seconds: int) -> bytes:
    """Return the prepared video of that length in seconds."""
    return (folder("videos") / f"{seconds}.mp4").read_bytes()


def repeatable_videos(motion: str) -> dict[str, tuple[int, int]]:
    """Return the names of the prepared videos that may be repeated, `speaking` or `moving`, and the frames' sizes."""
    names = (entry.name.removesuffix(".mp4") for entry in folder("videos").iterdir())
    shapes = {name: name.removeprefix(f"{motion}-").split("x") for name in names if name.startswith(motion)}
    return {name: (int(width), int(height)) for name, (width, height) in sorted(shapes.items())}


def repeatable_video(name: str) -> bytes:
    """Return a prepared video that may be repeated."""
    return (folder("videos") / f"{name}.mp4").read_bytes()


def names() -> list[str]:
    """Return the names of all samples."""
    return sorted(entry.name.removesuffix(".json") for entry in responses().iterdir())
