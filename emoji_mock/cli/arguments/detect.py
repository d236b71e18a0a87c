"""What `emoji-mock detect` takes; light, for every start of the command reads it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from emoji_mock.cli.arguments.types import positive

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable


def describe(add_verb: Callable[..., ArgumentParser]) -> None:
    """Add the verb to a command line."""
    detect = add_verb(
        "detect",
        help="look for the face in pictures",
        description="Look for the face in pictures, and tell what each ended in.",
        epilog="Exit status: 0 every picture passed, 1 some failed, 3 some ended in an error or an overlay could not be"
        " written, 2 the command line is wrong, 130 it was interrupted, and tells what was paid for. The key comes from"
        " DASHSCOPE_API_KEY or ~/.dashscope/api_key; a local fake needs none.",
    )
    detect.set_defaults(run=_detect)
    detect.add_argument("images", nargs="+", metavar="IMAGE", help="URL of a picture, or a file, which is uploaded")
    detect.add_argument(
        "--base-url", metavar="URL", help="whom to ask (default: DASHSCOPE_HTTP_BASE_URL, then DASHSCOPE_BASE_URL)"
    )
    detect.add_argument("--live", action="store_true", help="ask the real vendor, which bills every picture")
    detect.add_argument(
        "--budget",
        type=positive,
        default=10,
        metavar="N",
        help="pictures to pay for at most, with --live (default: 10)",
    )
    detect.add_argument("--json", action="store_true", help="print JSON")
    detect.add_argument(
        "--save-overlay",
        type=Path,
        metavar="PATH",
        help="draw the boxes of files into PATH: a picture, or for several files a directory",
    )
    detect.add_argument("--at-once", type=positive, default=4, metavar="N", help="pictures under way (default: 4)")
    detect.add_argument("--timeout", type=positive, default=30, metavar="SECONDS", help="for one answer (default: 30)")


def _detect(chosen: Namespace) -> int:
    from emoji_mock.cli.detect import detect  # noqa: PLC0415

    return detect(chosen)
