"""`emoji-mock scenario`: list the shipped scenarios, print one, check files."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import get_terminal_size
from textwrap import fill
from typing import TYPE_CHECKING

from emoji_mock.cli.output import print_error, print_json
from emoji_mock.config.scenarios import find, is_path, load, path_of, shipped
from emoji_mock.config.toml_file import FileError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

_NO_TERMINAL = (1000, 24)
"""Where output is piped, each scenario is one line."""


def describe(parser: ArgumentParser) -> None:
    """Add description and arguments."""
    parser.description = "List, show or check scenarios: named lists of rules."
    actions = parser.add_subparsers(metavar="VERB", required=True, title="verbs")
    shipped_ones = actions.add_parser(
        "list", help="list the shipped scenarios", description="List the shipped scenarios."
    )
    shipped_ones.set_defaults(run=_list)
    show = actions.add_parser("show", help="print a scenario's file", description="Print a scenario's file.")
    show.add_argument("name", metavar="NAME")
    show.set_defaults(run=_show)
    check = actions.add_parser(
        "check",
        help="check scenario files",
        description="Print the first mistake in each file.",
        epilog="Exit status: 0 no file has a mistake, 1 one has.",
    )
    check.add_argument("files", metavar="FILE", nargs="+")
    check.set_defaults(run=_check_all)
    schema = actions.add_parser(
        "schema",
        help="print a JSON Schema for editors",
        description="Print the JSON Schema of scenario files, by which an editor completes and checks them.",
    )
    schema.add_argument("--config", action="store_true", help="that of the configuration files of `serve` instead")
    schema.set_defaults(run=_print_schema)


def _list(_: Namespace) -> int:
    known = shipped()
    margin = max(map(len, known)) + 2
    width = max(get_terminal_size(_NO_TERMINAL).columns, margin + 20)
    for name, file in known.items():
        text = f"{name:{margin}}{load(file).description}"
        print(fill(text, width, subsequent_indent=" " * margin, break_long_words=False))
    return 0


def _show(chosen: Namespace) -> int:
    name: str = chosen.name
    try:
        find(name)
        file = path_of(name) if is_path(name) else shipped()[name]
        print(file.read_text("utf-8-sig"), end="")
    except FileError as error:
        return _print_mistake(error)
    except ValueError as error:
        return print_error("scenario show", str(error).removeprefix("scenario: "), 1)
    return 0


def _print_schema(chosen: Namespace) -> int:
    from emoji_mock.config.schemas import config_schema, scenario_schema  # noqa: PLC0415 - few need one

    print_json(config_schema() if chosen.config else scenario_schema())
    return 0


def _check_all(chosen: Namespace) -> int:
    return max([_check(name) for name in chosen.files])


def _check(name: str) -> int:
    try:
        scenario = load(Path(name))
    except FileError as error:
        return _print_mistake(error)
    count = len(scenario.rules)
    print(f"{name}: {scenario.name} is valid: {count} rule{'s' * (count != 1)}")
    return 0


def _print_mistake(error: FileError) -> int:
    print(getattr(error, "shown", "") or error, file=sys.stderr)
    return 1
