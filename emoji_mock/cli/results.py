"""How the results of `detect` and `animate` are printed: tables and lines for people, documents for JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from emoji_mock._support.terminal import plain
from emoji_mock.client.errors import EmojiError
from emoji_mock.client.results import AnyPassed, AnyResult, Failed, Passed, PassedAnimate, PassedS2v
from emoji_mock.contract.endpoint import MODEL, VIDEO_MODEL
from emoji_mock.contract.models import DETECTORS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from emoji_mock.client.tasks import Task, Video
    from emoji_mock.contract.geometry import Box

Ending: TypeAlias = AnyResult | EmojiError
"""How one call ended."""
_COLOURS = {"passed": "green", "failed": "yellow", "error": "red"}


def counted(counts: Mapping[str, int]) -> str:
    """Return outcomes with their counts, as in `2 passed, 1 error`."""
    plural = "errors" if counts.get("error", 0) > 1 else "error"
    return ", ".join(f"{counts[each]} {plural if each == 'error' else each}" for each in _COLOURS if each in counts)


def print_detections(images: list[str], ended: dict[int, Ending], model: str, *, vendor: bool) -> None:
    """Print a table of the detections, then the counts and the bill."""
    console = Console(highlight=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    # As wide as it can be with a whole request id beside it.
    table.add_column("Image", overflow="fold", max_width=max(10, console.width - 54))
    table.add_column("Outcome", no_wrap=True)
    table.add_column(f"{'Boxes' if DETECTORS[model].boxes else 'Verdict'}, or the reason", overflow="fold")
    for number, ending in ended.items():
        table.add_row(Text(plain(images[number])), Text(ending.outcome, _COLOURS[ending.outcome]), _cell(ending))
    console.print(table)
    counts: Counter[str] = Counter(ending.outcome for ending in ended.values())
    billed = sum(ending.images for ending in ended.values() if not isinstance(ending, EmojiError))
    billed += sum(isinstance(ending, EmojiError) and ending.billed is True for ending in ended.values())
    unknown = sum(isinstance(ending, EmojiError) and ending.billed is None for ending in ended.values())
    perhaps = f", and perhaps {unknown} more" if unknown else ""
    print(f"{counted(counts)}. {_bill(billed, model, vendor=vendor)}{perhaps}.")


def _bill(images: int, model: str, *, vendor: bool) -> str:
    text = "Billed" if vendor else "The vendor would have billed"
    return f"{text}: {images} image{'s' * (images != 1)}, {images * DETECTORS[model].price} CNY"


def _cell(ending: Ending) -> Text:
    if isinstance(ending, Passed):
        return Text(f"face {_corners_and_size(ending.face)}\next  {_corners_and_size(ending.ext)}")
    if isinstance(ending, Failed):
        if not ending.code:
            return Text(plain(ending.reason))
        return Text.assemble((plain(ending.code), "bold"), f"\n{plain(ending.message)}")
    if not isinstance(ending, EmojiError):
        return Text(plain(_said(ending)))
    where = "\n".join(filter(None, (f"HTTP {ending.status}" * bool(ending.status), ending.request_id)))
    words = "\n".join(filter(None, (ending.message, ending.hint)))
    head = (plain(ending.code or type(ending).__name__), "bold")
    return Text.assemble(head, f"\n{plain(words)}", (f"\n{plain(where)}" if where else "", "dim"))


def _said(passed: AnyPassed) -> str:
    """Return what a model says of a picture that passed, beside boxes."""
    if isinstance(passed, PassedAnimate):
        return f"{passed.body_style} body".strip()
    if isinstance(passed, Passed | PassedS2v) and passed.humanoid is not None:
        return "humanoid" if passed.humanoid else "not humanoid"
    return "can be animated"


def _corners(rectangle: tuple[int, ...]) -> str:
    return ",".join(map(str, rectangle))


def _corners_and_size(rectangle: Box) -> str:
    return f"{_corners(rectangle)}  {rectangle.width}x{rectangle.height} px"


def detection_document(ending: Ending) -> dict[str, Any]:
    """Return one detection for JSON."""
    document: dict[str, Any] = {"outcome": ending.outcome, "request_id": ending.request_id}
    if isinstance(ending, EmojiError):
        return document | {"code": ending.code, "message": ending.message, **_error_fields(ending)}
    if ending.model != MODEL:
        document["model"] = ending.model
    return document | _verdict_fields(ending) | {"images": ending.images}


def _verdict_fields(result: AnyResult) -> dict[str, Any]:
    """Return what a model says of a picture."""
    if isinstance(result, Failed):
        return {"code": result.code, "message": result.message}
    if isinstance(result, PassedAnimate):
        return {"body_style": result.body_style}
    fields: dict[str, Any] = {}
    if isinstance(result, Passed):
        fields = {"face": result.face, "ext": result.ext}
        fields |= {"ratio": result.ratio} if result.model != MODEL else {}
    if isinstance(result, Passed | PassedS2v) and result.humanoid is not None:
        fields["humanoid"] = result.humanoid
    return fields


def _error_fields(error: EmojiError) -> dict[str, Any]:
    return {"kind": type(error).__name__, "hint": error.hint, "status": error.status, "billed": error.billed}


@dataclass
class AnimationProgress:
    """What `animate` has reached so far; each step fills in one field."""

    found: AnyResult | None = None
    task: Task | None = None
    video: Video | None = None
    path: Path | None = None
    error: EmojiError | None = None

    @property
    def status(self) -> int:
        """The exit status."""
        if isinstance(self.found, Failed):
            return 1
        return 0 if self.error is None else {"failed": 1}.get(self.error.outcome, 3)

    @property
    def is_lost(self) -> bool:
        """Whether a video was paid for that was not saved."""
        return self.path is None and self.task is not None and not (self.task.is_over and self.task.video is None)


def print_animation(
    image: str | None, motion: str | None, reached: AnimationProgress, price: Decimal, *, vendor: bool
) -> None:
    """Print each step in a line, then the bill; `price` is that of a second of video."""
    found = reached.found
    if isinstance(found, Passed):
        _print_line(image, f"passed, face {_corners(found.face)}, ext {_corners(found.ext)}")
    elif isinstance(found, Failed):
        _print_line(image, f"failed, {found.reason}" + f"\n{found.message}" * bool(found.code))
    elif found is not None:
        _print_line(image, f"passed, {_said(found)}")
    if reached.task is not None:
        _print_line(f"task {reached.task.id}", f"{reached.task.status}{_time_taken(reached.task)}")
    if reached.path is not None and reached.video is not None:
        size = reached.path.stat().st_size
        _print_line(reached.path, f"{reached.video.seconds} s{f' of {motion}' if motion else ''}, {size / 1000:.0f} kB")
    if found is not None:
        is_made = reached.task is not None and (reached.task.video is not None or not reached.task.is_over)
        seconds = None if reached.task is None or reached.task.video is None else reached.task.video.seconds
        cost = f"{price} CNY a second" if seconds is None else f"{Decimal(str(seconds)) * price} CNY"
        print(f"{_bill(found.images, found.model, vendor=vendor)}{f', and 1 video, {cost}' if is_made else ''}.")


def _print_line(subject: object, text: str) -> None:
    print(plain(f"{subject}: {text}"))


def _time_taken(task: Task) -> str:
    if task.submitted is None or task.ended is None:
        return ""
    minutes, seconds = divmod(round((task.ended - task.submitted).total_seconds()), 60)
    return f" after {minutes} min {seconds} s" if minutes else f" after {seconds} s"


def animation_document(
    image: str | None, model: str, options: dict[str, Any], reached: AnimationProgress
) -> dict[str, Any]:
    """Return all steps for JSON."""
    outcome = "done" if reached.status == 0 else "failed" if reached.status == 1 else "error"
    document: dict[str, Any] = {"outcome": outcome, "image": image}
    document |= {"driven_id": options.get("driven_id")} if model == VIDEO_MODEL else {"model": model, **options}
    found = reached.found
    if found is not None:
        document |= _verdict_fields(found)
        document |= {"request_id": found.request_id} if isinstance(found, Failed) else {}
        document["images"] = found.images
    if reached.task is not None:
        document["task"] = {"id": reached.task.id, "status": reached.task.status}
    if reached.path is not None and reached.video is not None:
        size = reached.path.stat().st_size
        document["video"] = {"path": str(reached.path), "seconds": reached.video.seconds, "bytes": size}
    if (error := reached.error) is not None:
        head = {"code": error.code, "message": error.message, "request_id": error.request_id}
        document |= head | _error_fields(error)
    return document
