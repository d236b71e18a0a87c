"""`emoji-mock scenario`: list those that are shipped, show one, check files."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from shutil import get_terminal_size
from textwrap import fill

from emoji_mock.config.scenarios import find, is_path, load, path_of, shipped
from emoji_mock.config.toml_file import FileError

_NO_TERMINAL = (1000, 24)
"""What is piped elsewhere is a line each."""


def run(deed: str, names: Sequence[str]) -> int:
    """Do what was asked, and return the exit status."""
    deeds: dict[str, Callable[[str], int]] = {"show": _show, "check": _check}
    if deed == "list":
        return _list()
    return max([deeds[deed](name) for name in names])


def _list() -> int:
    known = shipped()
    margin = max(map(len, known)) + 2
    width = max(get_terminal_size(_NO_TERMINAL).columns, margin + 20)
    for name, file in known.items():
        told = f"{name:{margin}}{load(file).description}"
        print(fill(told, width, subsequent_indent=" " * margin, break_long_words=False))
    return 0


def _show(name: str) -> int:
    try:
        find(name)
        file = path_of(name) if is_path(name) else shipped()[name]
        print(file.read_text("utf-8-sig"), end="")
    except ValueError as error:
        return _told(error)
    return 0


def _check(name: str) -> int:
    try:
        scenario = load(Path(name))
    except FileError as error:
        return _told(error)
    count = len(scenario.rules)
    print(f"{name}: {scenario.name} is good: {count} rule{'s' * (count != 1)}")
    return 0


def _told(error: ValueError) -> int:
    print(getattr(error, "shown", "") or error, file=sys.stderr)
    return 1
