"""What `emoji-mock verify` and `record` takes; light, for every start of the command reads it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from emoji_mock.cli.arguments.types import count

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable


def describe(add_verb: Callable[..., ArgumentParser]) -> None:
    """Add the verbs to a command line."""
    verify = add_verb(
        "verify",
        help="hold the contract against a server",
        description="Hold the contract against the fake, a server, or the live service.",
        epilog="Exit status: 0 it conforms, 1 it has drifted, 2 the command line is wrong, 3 nobody answered, or not "
        "all could be judged, 4 the account or model is not served, 130 it was interrupted, and tells what it "
        "has found and spent.",
    )
    verify.set_defaults(run=_verify)
    verify.add_argument("--recordings", type=Path, metavar="DIR", help="judge the recordings in a folder instead")
    verify.add_argument("--json", action="store_true", help="print JSON")
    verify.add_argument("--html", type=Path, metavar="FILE", help="write a page as well")
    record = add_verb(
        "record",
        help="write down what a server says",
        description="Write down what the fake, a server, or the live service says to every case, without secrets.",
        epilog="Exit status: 0 done, 2 the command line is wrong, 3 nobody answered.",
    )
    record.set_defaults(run=_record)
    record.add_argument("--out", type=Path, metavar="DIR", required=True, help="folder to write to")
    record.add_argument("--force", action="store_true", help="write into a folder that holds recordings already")
    for verb in (verify, record):
        _add_target(verb)


def _add_target(verb: ArgumentParser) -> None:
    verb.add_argument("--target", default="fake", help="`fake` (in the process, the default), a URL, or `live`")
    verb.add_argument(
        "--live-ok", action="store_true", help="yes, call the live service; it needs DASHSCOPE_API_KEY too"
    )
    verb.add_argument("--budget", type=count, metavar="N", help="images that the live service may bill (default: 0)")
    verb.add_argument(
        "--picture",
        action="append",
        default=[],
        metavar="NAME=URL",
        help="a picture for the live service: passed=https://…, FacePose=https://…; may be repeated",
    )
    verb.add_argument(
        "--key",
        help="the API key (default: for the live service DASHSCOPE_API_KEY or ~/.dashscope/api_key, else a mock key)",
    )
    verb.add_argument("--only", metavar="PATTERN", help="only the cases whose name fits, such as 'auth/*'")


def _verify(chosen: Namespace) -> int:
    from emoji_mock.cli.verify import verify  # noqa: PLC0415

    return verify(chosen)


def _record(chosen: Namespace) -> int:
    from emoji_mock.cli.verify import record  # noqa: PLC0415

    return record(chosen)
