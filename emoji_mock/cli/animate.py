"""`emoji-mock animate`: a portrait in, a video out, by way of upload, detection, task and download."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rich.console import Console
from rich.prompt import Confirm

from emoji_mock.cli.animate_output import Story, resume, tell, tell_json
from emoji_mock.cli.output import no_place
from emoji_mock.cli.progress import Bar
from emoji_mock.cli.service_options import WrongUsageError, complain, open_client, whom_to_ask
from emoji_mock.client.errors import EmojiError
from emoji_mock.client.limits import CallLimits
from emoji_mock.client.plan.tasks import require_driven_id
from emoji_mock.client.results import Passed
from emoji_mock.contract.endpoint import PRICE
from emoji_mock.contract.hosts import is_vendor_host
from emoji_mock.contract.motions import Status

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Generator

    from emoji_mock.client import EmojiDetect
    from emoji_mock.client.tasks import Task

_STEPS = {
    "looking for the face": 0,
    "asking for the video": 1,
    Status.PENDING: 2,
    Status.RUNNING: 3,
    "fetching the video": 4,
}
_WORDS = {Status.PENDING: "waiting for its turn", Status.RUNNING: "being made"}


def animate(chosen: Namespace) -> int:
    """Have a video made, tell how far it came, and return the exit status."""
    story, vendor = Story(), False
    try:
        base_url = whom_to_ask(chosen.base_url)
        vendor = is_vendor_host(urlsplit(base_url).hostname or "")
        if problem := _refusal(chosen, base_url, vendor=vendor):
            return complain("animate", problem, 2)
        limits = CallLimits(video_deadline=chosen.patience)
        with open_client("animate", base_url, limits, vendor=vendor) as client, _progress() as show:
            _make(client, chosen, story, show)
    except EmojiError as error:
        story.error = error
    except (ImportError, OSError, WrongUsageError) as error:
        return complain("animate", f"{error}{resume(chosen, story)}", 3 if isinstance(error, OSError) else 2)
    except KeyboardInterrupt:
        return complain("animate", f"stopped{resume(chosen, story)}", 130)
    tell_json(chosen, story) if chosen.json else tell(chosen, story, vendor=vendor)
    return story.status


def _refusal(chosen: Namespace, base_url: str, *, vendor: bool) -> str:
    if problem := _contradiction(chosen) or _no_place(chosen):
        return problem
    if vendor and not chosen.live:
        return (
            f"{base_url} is the real vendor, which bills picture and video. Start `emoji-mock serve` and say"
            " --base-url http://127.0.0.1:8000, or say --live."
        )
    if chosen.live and not vendor:
        return f"--live asks the vendor, but {base_url} is not the vendor's: leave one of them out."
    return "" if not chosen.live or chosen.yes or chosen.task else _unwilling()


def _contradiction(chosen: Namespace) -> str:
    if chosen.task:
        return "--task is of a video that was asked for: leave IMAGE and --driven out." if chosen.image else ""
    if not chosen.image or not chosen.driven:
        return "give IMAGE and --driven MOTION, or --task ID (see `emoji-mock animate --help`)"
    try:
        require_driven_id(chosen.driven)
    except EmojiError as error:
        return str(error).replace("driven_id", "--driven", 1)
    return ""


def _no_place(chosen: Namespace) -> str:
    out: Path = chosen.out
    if out.is_dir():
        return f"--out {out} is a directory: name a file in it, such as {out / 'me.mp4'}"
    if problem := no_place("--out", out):
        return problem
    if chosen.image and out.exists() and Path(chosen.image).exists() and out.samefile(chosen.image):
        return f"--out {out} is the picture itself"
    return ""


def _unwilling() -> str:
    if not sys.stdin.isatty():
        return "--live spends money, and nobody is there to be asked: say --yes."
    question = f"This asks the vendor for 1 image ({PRICE} CNY) and 1 video (price not known). Go on?"
    try:
        willing = Confirm.ask(question, console=Console(stderr=True), default=False)
    except EOFError:
        willing = False
    return "" if willing else "nothing was asked, and nothing is billed."


def _make(client: EmojiDetect, chosen: Namespace, story: Story, show: Callable[[str], None]) -> None:
    task_id = chosen.task
    if task_id is None:
        show("looking for the face")
        story.found = client.detect(chosen.image)
        if not isinstance(story.found, Passed):
            return
        show("asking for the video")
        story.task = client.animate(story.found, chosen.driven)
        task_id = story.task.id

    def heard(task: Task) -> None:
        story.task = task
        if not task.is_over:
            show(task.status)

    story.video = client.wait(task_id, progress=heard)
    show("fetching the video")
    story.path = client.download(story.video, chosen.out)


@contextmanager
def _progress() -> Generator[Callable[[str], None]]:
    """Yield what shows a step on a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    with Bar(console, len(_STEPS)) as bar:
        yield lambda step: bar.show(_STEPS.get(step, 0), _words(step))


def _words(step: str) -> str:
    return f"{step}: {_WORDS[Status(step)]}" if step in _WORDS else step
