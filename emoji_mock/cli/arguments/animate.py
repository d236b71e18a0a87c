"""What `emoji-mock animate` takes; light, for every start of the command reads it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from emoji_mock.cli.arguments.types import positive
from emoji_mock.contract.motions import DRIVEN_IDS

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable


def describe(add_verb: Callable[..., ArgumentParser]) -> None:
    """Add the verb to a command line."""
    animate = add_verb(
        "animate",
        help="make a video of a portrait",
        description="Upload a portrait, look for its face, have it animated, and fetch the video.",
        epilog=f"Motions: {', '.join(DRIVEN_IDS)}. Exit status: 0 the video is there, 1 the picture or the task failed,"
        " 3 an error, 2 the command line is wrong, 130 stopped. The key comes from DASHSCOPE_API_KEY or"
        " ~/.dashscope/api_key; a local fake needs none.",
    )
    animate.set_defaults(run=_animate)
    animate.add_argument("image", nargs="?", metavar="IMAGE", help="a file, which is uploaded, or the URL of a picture")
    animate.add_argument("--driven", metavar="MOTION", help="how the face is to move, such as mengwa_kaixin")
    animate.add_argument("--out", type=Path, metavar="FILE", required=True, help="where the video goes")
    animate.add_argument("--task", metavar="ID", help="no new video, but that of a task that was created before")
    animate.add_argument(
        "--base-url", metavar="URL", help="whom to ask (default: DASHSCOPE_HTTP_BASE_URL, then DASHSCOPE_BASE_URL)"
    )
    animate.add_argument("--live", action="store_true", help="ask the real vendor, which bills picture and video")
    animate.add_argument("--yes", action="store_true", help="with --live: spend without a question")
    animate.add_argument("--json", action="store_true", help="print JSON")
    animate.add_argument(
        "--patience", type=positive, default=900, metavar="SECONDS", help="how long to wait (default: 900)"
    )


def _animate(chosen: Namespace) -> int:
    from emoji_mock.cli.animate import animate  # noqa: PLC0415

    return animate(chosen)
