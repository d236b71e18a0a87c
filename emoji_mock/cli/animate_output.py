"""How far `emoji-mock animate` came, in words and in JSON."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from emoji_mock._support.terminal import plain
from emoji_mock.cli.service_options import complain
from emoji_mock.client.results import Failed, Passed
from emoji_mock.contract.endpoint import PRICE

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

    from emoji_mock.client.errors import EmojiError
    from emoji_mock.client.tasks import Task, Video


@dataclass
class Story:
    """How far it came."""

    found: Passed | Failed | None = None
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


def resume(chosen: Namespace, story: Story) -> str:
    """Return how to fetch a video that was asked for and is not here."""
    if story.path is not None or story.task is None or (story.task.is_over and story.task.video is None):
        return ""
    again = ["emoji-mock", "animate", "--task", story.task.id, "--out", str(chosen.out)]
    again += ["--base-url", chosen.base_url] * bool(chosen.base_url) + ["--live"] * chosen.live
    return f"\nThe video is not lost: {shlex.join(again)}"


def tell(chosen: Namespace, story: Story, *, vendor: bool) -> None:
    """Tell it in words."""
    if isinstance(story.found, Passed):
        _line(chosen.image, f"passed, face {_corners(story.found.face)}, ext {_corners(story.found.ext)}")
    elif story.found is not None:
        _line(chosen.image, f"failed, {story.found.code}\n{story.found.message}")
    if story.task is not None:
        _line(f"task {story.task.id}", f"{story.task.status}{_time_taken(story.task)}")
    if story.path is not None and story.video is not None:
        size = story.path.stat().st_size
        motion = f" of {chosen.driven}" if chosen.driven else ""
        _line(story.path, f"{story.video.seconds} s{motion}, {size / 1000:.0f} kB")
    if story.found is not None:
        made = story.task is not None and (story.task.video is not None or not story.task.is_over)
        video = ", and 1 video, whose price is not known" if made else ""
        images = story.found.images
        bill = f"{images} image{'s' * (images != 1)}, {images * PRICE} CNY{video}"
        print(f"{'Billed' if vendor else 'The vendor would have billed'}: {bill}.")
    if story.error is not None:
        complain("animate", f"{story.error}{resume(chosen, story)}", 0)


def _line(what: object, told: str) -> None:
    print(plain(f"{what}: {told}"))


def _corners(box: tuple[int, ...]) -> str:
    return ",".join(map(str, box))


def _time_taken(task: Task) -> str:
    if task.submitted is None or task.ended is None:
        return ""
    minutes, seconds = divmod(round((task.ended - task.submitted).total_seconds()), 60)
    return f" after {minutes} min {seconds} s" if minutes else f" after {seconds} s"


def tell_json(chosen: Namespace, story: Story) -> None:
    """Tell it in JSON."""
    outcome = "done" if story.status == 0 else "failed" if story.status == 1 else "error"
    told: dict[str, Any] = {"outcome": outcome, "image": chosen.image, "driven_id": chosen.driven}
    if isinstance(story.found, Passed):
        told |= {"face": story.found.face, "ext": story.found.ext}
    elif story.found is not None:
        told |= {"code": story.found.code, "message": story.found.message, "request_id": story.found.request_id}
    if story.found is not None:
        told["images"] = story.found.images
    if story.task is not None:
        told["task"] = {"id": story.task.id, "status": story.task.status}
    if story.path is not None and story.video is not None:
        told["video"] = {"path": str(story.path), "seconds": story.video.seconds, "bytes": story.path.stat().st_size}
    if (error := story.error) is not None:
        kind = {"kind": type(error).__name__, "hint": error.hint, "status": error.status, "billed": error.billed}
        told |= {"code": error.code, "message": error.message, "request_id": error.request_id, **kind}
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(told)).decode() + "\n")
