"""The command `emoji-mock`: the verbs, each with the module that has its arguments and its action.

A verb's module is loaded when the verb is called, so `emoji-mock --help` loads none of them.
"""

from __future__ import annotations

import argparse
import codecs
import io
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from emoji_mock import __version__
from emoji_mock.cli.parsing.help_text import heading
from emoji_mock.cli.parsing.parser import VerbParser

if TYPE_CHECKING:
    from collections.abc import Sequence

VERBS = {
    "test and develop": {
        "serve": ("emoji_mock.cli.serving.serve:describe", "start the fake on a port"),
        "run": ("emoji_mock.cli.serving.run:describe", "run a program whose calls to the vendor reach a fake"),
        "scenario": ("emoji_mock.cli.scenario:describe", "list, show or check scenarios: named lists of rules"),
        "preload": ("emoji_mock.cli.preload:describe", "print where the preload for Node or Python is"),
    },
    "call the API": {
        "detect": ("emoji_mock.cli.detect:describe", "detect the face in pictures"),
        "animate": ("emoji_mock.cli.animate:describe", "make a video of a portrait"),
    },
    "check and record": {
        "report": ("emoji_mock.cli.report:describe", "judge the calls that a running server has received"),
        "verify": ("emoji_mock.cli.verify:describe", "check a server against the vendor's contract"),
        "record": ("emoji_mock.cli.record:describe", "record the answers of a server, to replay them later"),
    },
    "look up": {
        "catalogue": ("emoji_mock.cli.catalogue:describe", "list every model and every code"),
        "explain": ("emoji_mock.cli.catalogue:describe_explain", "explain one code, or list one model"),
        "completion": ("emoji_mock.cli.parsing.completion:describe", "print the completion script of a shell"),
    },
}
"""By task, for each verb `module:function`, which adds the arguments to a parser, and the help text."""
_COLUMN = 12
"""Where the help texts of verbs begin."""
_UNWRITTEN = 74
"""The exit status if the output could not be written, as `sysexits.h` has it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; each verb's help lists what its statuses mean."""
    _escape_unprintable()
    chosen = make_parser().parse_args(arguments)
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


def make_parser() -> VerbParser:
    """Return the parser of the command; its help lists the verbs by task."""
    tasks = [
        heading(task, *(f"{name:{_COLUMN}}{help_text}" for name, (_, help_text) in verbs.items()))
        for task, verbs in VERBS.items()
    ]
    parser = VerbParser(
        prog="emoji-mock",
        usage="emoji-mock [-h] [--version] VERB ...",
        description="\n\n".join(["An offline fake of Alibaba Cloud's Emoji face-detect API.", *tasks]),
        epilog="`emoji-mock VERB --help` lists the options of a verb, with examples.",
    )
    parser.add_argument("--version", action="version", version=f"emoji-mock {__version__}")
    parser.set_defaults(command_parser=parser)  # for `completion`, which describes all of it
    actions = parser.add_subparsers(metavar="VERB", required=True, help=argparse.SUPPRESS)
    for name, (described_by, help_text) in [verb for verbs in VERBS.values() for verb in verbs.items()]:
        actions.add_parser(name, prog=f"emoji-mock {name}", help=help_text, described_by=described_by)
    return parser
