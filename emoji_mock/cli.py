"""The command `emoji-mock`: each verb delegates, and loads what it needs only when it is called."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Never

from emoji_mock import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Never:
        """Say what is wrong in one line."""
        self.exit(2, f"{self.prog}: {message} (see `{self.prog} --help`)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0 done, 1 it could not be done, 2 the command line is wrong."""
    chosen = _parser().parse_args(arguments)
    try:
        status: int = chosen.run(chosen)
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        sys.stderr.close()
        return 1
    return status


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="emoji-mock", description="An offline fake of Alibaba Cloud's emoji-detect-v1.")
    parser.add_argument("--version", action="version", version=f"emoji-mock {__version__}")
    verbs = parser.add_subparsers(metavar="VERB", required=True, title="verbs")

    serve = verbs.add_parser("serve", help="start the fake on a socket", description="Start the fake on a socket.")
    serve.set_defaults(run=_serve)
    serve.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=_port, help="port to listen on, 0 for any free one (default: 8000)")
    serve.add_argument("--config", type=Path, metavar="FILE", help="TOML file with any of these options, and rules")
    serve.add_argument("--seed", type=int, help="repeat request ids and boxes")
    serve.add_argument(
        "--failed-as",
        type=int,
        choices=(200, 400),
        help="HTTP status of a failed detection (default: 200, as documented)",
    )
    serve.add_argument(
        "--details", action="store_true", default=None, help="end gateway messages with `For details, see: …`"
    )
    serve.add_argument("--retired", action="store_true", default=None, help="answer as if the model were offline")
    serve.add_argument("--journal-size", type=_positive, metavar="N", help="exchanges to remember (default: 10000)")
    serve.add_argument("--verbose", "-v", action="store_true", default=None, help="print a line for every call")

    catalogue = verbs.add_parser(
        "catalogue", help="list every code", description="List every code that the fake knows."
    )
    catalogue.set_defaults(run=_catalogue)
    catalogue.add_argument("--json", action="store_true", help="print JSON with everything that is known")

    explain = verbs.add_parser("explain", help="explain one code", description="Explain one code, in full or its end.")
    explain.set_defaults(run=_explain)
    explain.add_argument("code", metavar="CODE", help="such as FacePose, Throttling.RateQuota or model-not-exist")
    return parser


def _port(text: str) -> int:
    port = int(text) if text.isdecimal() else -1
    if not 0 <= port <= 65_535:  # noqa: PLR2004 - the range of a port
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")
    return port


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return int(text)


def _serve(chosen: argparse.Namespace) -> int:
    from emoji_mock.cli_serve import serve  # noqa: PLC0415

    return serve(chosen)


def _catalogue(chosen: argparse.Namespace) -> int:
    from emoji_mock.cli_catalogue import catalogue  # noqa: PLC0415

    return catalogue(as_json=chosen.json)


def _explain(chosen: argparse.Namespace) -> int:
    from emoji_mock.cli_catalogue import explain  # noqa: PLC0415

    return explain(chosen.code)
