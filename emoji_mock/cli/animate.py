"""`emoji-mock animate`: make a video of a portrait by upload, detection, task and download."""

from __future__ import annotations

import shlex
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.prompt import Confirm

from emoji_mock._support.files import describe_error
from emoji_mock.cli.output import ProgressBar, UsageError, print_error, print_json, unusable_file
from emoji_mock.cli.parsing.help_text import examples
from emoji_mock.cli.results import AnimationProgress, animation_document, print_animation
from emoji_mock.cli.service import KEY_HELP, add_address, open_client, refuse_live, resolve_base_url
from emoji_mock.cli.videos.options import (
    add_options,
    detector_of,
    given_flags,
    given_options,
    price_of,
    wrong_options,
)
from emoji_mock.client.errors import EmojiError
from emoji_mock.client.limits import CallLimits
from emoji_mock.client.results import Failed
from emoji_mock.config.value_types import POSITIVE
from emoji_mock.contract.documents.motions import DRIVEN_IDS, Status
from emoji_mock.contract.hosts import is_vendor_host

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Generator

    from emoji_mock.client import EmojiDetect
    from emoji_mock.client.results import AnyResult
    from emoji_mock.client.tasks import Task

_STEPS = {
    "detecting the face": 0,
    "creating the task": 1,
    Status.PENDING: 2,
    Status.PRE_PROCESSING: 2,
    Status.RUNNING: 3,
    Status.POST_PROCESSING: 3,
    "fetching the video": 4,
}
_STATUS_TEXT = {
    Status.PENDING: "queued",
    Status.PRE_PROCESSING: "in preparation",
    Status.RUNNING: "in progress",
    Status.POST_PROCESSING: "almost done",
}


def describe(parser: ArgumentParser) -> None:
    """Add description and arguments."""
    parser.description = "Upload a portrait, detect its face, have it animated, and download the video."
    parser.epilog = examples(
        "emoji-mock animate --base-url http://127.0.0.1:8000 --driven mengwa_kaixin --out me.mp4 me.jpg",
        then=(
            f"Motions: {', '.join(DRIVEN_IDS)}. Exit status: 0 the video is saved, 1 the image or the task failed, 3 an"
            f" error, 2 the command line is wrong, 130 interrupted. {KEY_HELP}"
        ),
    )
    parser.set_defaults(run=animate)
    parser.add_argument("image", nargs="?", metavar="IMAGE", help="a file, which is uploaded, or the URL of an image")
    add_options(parser)
    parser.add_argument("--out", type=Path, metavar="FILE", required=True, help="file to save the video to")
    parser.add_argument("--task", metavar="ID", help="wait for the task of an earlier call instead of creating one")
    add_address(parser, "image and video")
    parser.add_argument("--yes", action="store_true", help="with --live: spend without asking for confirmation")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--patience",
        type=POSITIVE.read,
        default=900,
        metavar="SECONDS",
        help="longest wait for the video (default: 900)",
    )


def animate(chosen: Namespace) -> int:
    """Have a video made, print each step, and return the exit status."""
    reached, vendor = AnimationProgress(), False
    try:
        base_url = resolve_base_url(chosen.base_url)
        vendor = is_vendor_host(urlsplit(base_url).hostname or "")
        if problem := _refusal(chosen, base_url, vendor=vendor):
            return print_error("animate", problem, 2)
        limits = CallLimits(video_deadline=chosen.patience)
        with open_client("animate", base_url, limits, vendor=vendor) as client, _progress() as show:
            _run(client, chosen, reached, show)
    except EmojiError as error:
        reached.error = error
    except (ImportError, OSError, UsageError) as error:
        problem = describe_error(error) if isinstance(error, OSError) else str(error)
        return print_error("animate", f"{problem}{_resume(chosen, reached)}", 3 if isinstance(error, OSError) else 2)
    except KeyboardInterrupt:
        return print_error("animate", f"interrupted{_resume(chosen, reached)}", 130)
    if chosen.json:
        print_json(animation_document(chosen.image, chosen.model, given_options(chosen), reached))
    else:
        print_animation(chosen.image, chosen.driven_id, reached, price_of(chosen), vendor=vendor)
        if reached.error is not None:
            print_error("animate", f"{reached.error}{_resume(chosen, reached)}")
    return reached.status


def _refusal(chosen: Namespace, base_url: str, *, vendor: bool) -> str:
    if problem := _contradiction(chosen) or _unusable_file(chosen):
        return problem
    if problem := refuse_live(base_url, "which bills image and video", live=chosen.live, vendor=vendor):
        return problem
    return "" if not chosen.live or chosen.yes or chosen.task else _not_confirmed(chosen)


def _contradiction(chosen: Namespace) -> str:
    if not chosen.task:
        return wrong_options(chosen)
    if not chosen.image:
        return ""
    flags = " and ".join(given_flags(chosen)) or "--driven"
    return f"--task is for a video that was requested earlier: leave IMAGE and {flags} out."


def _unusable_file(chosen: Namespace) -> str:
    out: Path = chosen.out
    if out.is_dir():
        return f"--out {out} is a directory: name a file in it, such as {out / 'me.mp4'}"
    if problem := unusable_file("--out", out):
        return problem
    if chosen.image and out.exists() and Path(chosen.image).exists() and out.samefile(chosen.image):
        return f"--out {out} is the image itself"
    return ""


def _not_confirmed(chosen: Namespace) -> str:
    if not sys.stdin.isatty():
        return "--live spends money, and there is no terminal to confirm it on: use --yes."
    image = f"1 image ({detector_of(chosen).price} CNY)"
    question = f"This asks the vendor for {image} and 1 video ({price_of(chosen)} CNY a second). Go on?"
    try:
        confirmed = Confirm.ask(question, console=Console(stderr=True), default=False)
    except EOFError:
        confirmed = False
    return "" if confirmed else "not confirmed: nothing was sent, and nothing is billed."


def _run(client: EmojiDetect, chosen: Namespace, reached: AnimationProgress, show: Callable[[str], None]) -> None:
    """Run the steps in order; store the result of each in `reached`."""
    task_id = chosen.task
    if task_id is None:
        show("detecting the face")
        untyped: Any = client  # which overload fits depends on the command line
        found: AnyResult = untyped.detect(chosen.image, model=detector_of(chosen).name, ratio=chosen.ratio)
        reached.found = found
        if isinstance(found, Failed):
            return
        show("creating the task")
        created: Task = untyped.animate(found, **given_options(chosen))
        reached.task, task_id = created, created.id

    def on_progress(task: Task) -> None:
        reached.task = task
        if not task.is_over:
            show(task.status)

    reached.video = client.wait(task_id, progress=on_progress)
    show("fetching the video")
    reached.path = client.download(reached.video, chosen.out)


def _resume(chosen: Namespace, reached: AnimationProgress) -> str:
    """Return the command that fetches a video that was paid for and not saved, or ""."""
    if not reached.is_lost or reached.task is None:
        return ""
    again = ["emoji-mock", "animate", "--task", reached.task.id, "--out", str(chosen.out)]
    again += ["--base-url", chosen.base_url] * bool(chosen.base_url) + ["--live"] * chosen.live
    return f"\nThe video is not lost: {shlex.join(again)}"


@contextmanager
def _progress() -> Generator[Callable[[str], None]]:
    """Yield a function that shows a step on the progress bar."""
    with ProgressBar(Console(stderr=True), len({*_STEPS.values()})) as bar:
        yield lambda step: bar.show(_STEPS.get(step, 0), _step_text(step))


def _step_text(step: str) -> str:
    return f"task {_STATUS_TEXT[Status(step)]}" if step in _STATUS_TEXT else step
