"""The command `emoji-mock`: each verb delegates, and loads what it needs only when it is called."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Never

from emoji_mock import __version__
from emoji_mock.cli_arguments import animate, catalogue, conformance, detect, report, scenario, serve

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
    for verb in (serve, detect, animate, conformance, catalogue, scenario, report):
        verb.describe(verbs.add_parser)
    return parser
