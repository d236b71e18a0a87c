"""The command `emoji-mock`: each verb delegates, and loads what it needs only when it is called."""

from __future__ import annotations

import argparse
import codecs
import io
import re
import sys
from typing import TYPE_CHECKING, Any, Never

from emoji_mock import __version__
from emoji_mock.cli.arguments import animate, catalogue, conformance, detect, report, scenario, serve

if TYPE_CHECKING:
    from collections.abc import Sequence


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Never:
        """Say what is wrong in one line."""
        self.exit(2, f"{self.prog}: {message} (see `{self.prog} --help`)\n")

    def parse_known_args(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - argparse's own
        """Let the verb itself say what it does not know; argparse would leave that to the command."""
        known, unknown = super().parse_known_args(*args, **kwargs)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}{self._nearest(unknown)}")
        return known, unknown

    def _nearest(self, unknown: list[str]) -> str:
        flags = re.findall(r"--[a-z][a-z-]*", self.format_usage())
        wanted = next((word.partition("=")[0] for word in unknown if word.startswith("--")), "")
        from difflib import get_close_matches  # noqa: PLC0415 - only a mistake pays for it

        near = get_close_matches(wanted, flags, n=1)
        return f"; the nearest: {near[0]}" if near else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0 done, 1 it could not be done, 2 the command line is wrong."""
    _print_anywhere()
    chosen = _parser().parse_args(arguments)
    try:
        status: int = chosen.run(chosen)
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        sys.stderr.close()
        return 1
    return status


def _print_anywhere() -> None:
    """Print what the terminal's encoding cannot as JSON escapes, which are as good within JSON as anywhere else."""
    codecs.register_error("emoji-mock-escapes", _escaped)
    out: object = sys.stdout  # which a program that calls us may have replaced
    if isinstance(out, io.TextIOWrapper) and out.errors in ("strict", "surrogateescape"):
        out.reconfigure(errors="emoji-mock-escapes")


def _escaped(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)  # noqa: S101 - what printing raises
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{high:02x}{low:02x}" for high, low in zip(units[::2], units[1::2], strict=True)), error.end


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="emoji-mock", description="An offline fake of Alibaba Cloud's emoji-detect-v1.")
    parser.add_argument("--version", action="version", version=f"emoji-mock {__version__}")
    verbs = parser.add_subparsers(metavar="VERB", required=True, title="verbs")
    for verb in (serve, detect, animate, conformance, catalogue, scenario, report):
        verb.describe(verbs.add_parser)
    return parser
