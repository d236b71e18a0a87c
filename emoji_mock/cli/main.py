"""The command `emoji-mock`: the verbs, each with the module that has its arguments and its action.

A verb's module is loaded when the verb is called, so `emoji-mock --help` loads none of them.
"""

from __future__ import annotations

import argparse
import codecs
import io
import os
import re
import sys
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, Never

from emoji_mock import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

_VERBS = {
    "serve": ("emoji_mock.cli.serving.serve:describe", "start the fake on a socket"),
    "run": ("emoji_mock.cli.serving.run:describe", "run a program whose calls to the vendor reach a fake"),
    "detect": ("emoji_mock.cli.detect:describe", "ask a detection model about pictures"),
    "animate": ("emoji_mock.cli.animate:describe", "make a video of a portrait"),
    "verify": ("emoji_mock.cli.verify:describe", "check a server against the contract"),
    "record": ("emoji_mock.cli.record:describe", "record the answers of a server"),
    "catalogue": ("emoji_mock.cli.catalogue:describe", "list every model and code"),
    "explain": ("emoji_mock.cli.catalogue:describe_explain", "explain one code, or list one model"),
    "scenario": ("emoji_mock.cli.scenario:describe", "list, show or check scenarios"),
    "report": ("emoji_mock.cli.report:describe", "judge the callers of a running server"),
    "preload": ("emoji_mock.cli.preload:describe", "print where the preload of Node or Python is"),
}
"""For each verb `module:function`, which adds the arguments to a parser, and the help text."""
_UNWRITTEN = 74
"""The exit status if the output could not be written, as `sysexits.h` has it."""


class _Parser(argparse.ArgumentParser):
    """A parser whose arguments are added by `module:function` when it first parses; errors are one line."""

    def __init__(self, *args: Any, described_by: str = "", **kwargs: Any) -> None:  # noqa: ANN401 - argparse's own
        super().__init__(*args, **kwargs)
        self._described_by = described_by

    def error(self, message: str) -> Never:
        """Print the message in one line, without keys, and exit with status 2."""
        from emoji_mock._support.terminal import without_user_parts  # noqa: PLC0415 - needed for an error only
        from emoji_mock.conformance.recordings.redaction import Redactor  # noqa: PLC0415 - as above

        shown = Redactor().text(without_user_parts(message))
        self.exit(2, f"{self.prog}: {shown} (see `{self.prog} --help`)\n")

    def parse_known_args(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - argparse's own
        """Report unknown arguments by the parser of the verb; argparse would leave that to the command.

        A verb that runs a command has the default `split`, which takes the words of that command from the end.
        """
        module, _, function = self._described_by.partition(":")
        if module:
            self._described_by = ""
            getattr(import_module(module), function)(self)
        command: list[str] | None = None
        if split := self.get_default("split"):
            try:
                own, command = split(args[0])
                args = (own, *args[1:])
            except ValueError as error:
                self.error(str(error))
        known, unknown = super().parse_known_args(*args, **kwargs)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}{self._nearest(unknown)}")
        if command is not None:
            known.command = command
        return known, unknown

    def _nearest(self, unknown: list[str]) -> str:
        flags = re.findall(r"--[a-z][a-z-]*", self.format_usage())
        wanted = next((word.partition("=")[0] for word in unknown if word.startswith("--")), "")
        from difflib import get_close_matches  # noqa: PLC0415 - needed for an error only

        near = get_close_matches(wanted, flags, n=1)
        return f"; the nearest: {near[0]}" if near else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; each verb's help lists what its statuses mean."""
    _escape_unprintable()
    chosen = _parser().parse_args(arguments)
    try:
        status: int = chosen.run(chosen)
        if sys.stdout is not None:  # it is None under pythonw and where the descriptor is closed
            sys.stdout.flush()
    except BrokenPipeError:  # the process that reads our output has ended, such as `head`
        sys.stderr.close()
        return 1
    except OSError as error:
        if error.filename is not None:  # not our output: a bug, because each verb reports its own files
            raise
        _discard_output()
        print(f"emoji-mock: cannot write the output: {error.strerror or error}", file=sys.stderr)
        return _UNWRITTEN
    return status


def _discard_output() -> None:
    """Let what is still in the buffer of stdout go nowhere, or Python would report it once more at its end."""
    with suppress(OSError, ValueError):  # a calling program may have replaced stdout
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _escape_unprintable() -> None:
    """Print as JSON escapes what the terminal's encoding lacks, so that JSON output stays valid."""
    codecs.register_error("emoji-mock-escapes", _escaped)
    out: object = sys.stdout  # a calling program may have replaced it
    if isinstance(out, io.TextIOWrapper) and out.errors in ("strict", "surrogateescape"):
        out.reconfigure(errors="emoji-mock-escapes")


def _escaped(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)  # noqa: S101 - printing raises no other
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{high:02x}{low:02x}" for high, low in zip(units[::2], units[1::2], strict=True)), error.end


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="emoji-mock",
        description="An offline fake of Alibaba Cloud's Emoji face-detect API.",
    )
    parser.add_argument("--version", action="version", version=f"emoji-mock {__version__}")
    verbs = parser.add_subparsers(metavar="VERB", required=True, title="verbs")
    for name, (described_by, help_text) in _VERBS.items():
        verbs.add_parser(name, help=help_text, described_by=described_by)
    return parser
