"""What verbs print: errors, JSON, and a progress bar. Rich is loaded for the bar alone, since `serve` needs none."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Self

import msgspec

from emoji_mock._support.files import is_special
from emoji_mock._support.terminal import escape_json, plain, write_line

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console


class UsageError(Exception):
    """The command line or the environment asks for something impossible."""


def print_error(verb: str, problem: str, status: int = 0) -> int:
    """Print on stderr what is wrong and return the exit status."""
    write_line(sys.stderr, f"emoji-mock {verb}: {plain(problem)}")
    return status


def print_json(document: object) -> None:
    """Print `document` as indented JSON; nothing where the standard output is closed."""
    print(escape_json(msgspec.json.format(msgspec.json.encode(document))).decode())


def unusable_file(flag: str, path: Path) -> str:
    """Return why no file can be written at `path`, or "". Check it before a call: its answer may be billed."""
    if path.is_dir():
        return f"{flag} {path} is a directory: name a file in it"
    if is_special(path):
        return ""
    if not path.parent.is_dir():
        return f"{flag} {path}: there is no directory {path.parent}"
    protected = next((one for one in (path.parent, path) if one.exists() and not os.access(one, os.W_OK)), None)
    return "" if protected is None else f"{flag} {path}: {protected} may not be written"


class ProgressBar:
    """A bar of `total` steps with a description beside it; it is removed at the end."""

    def __init__(self, console: Console, total: int, description: str = "") -> None:
        from rich import progress  # noqa: PLC0415 - see above

        columns = (
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TimeElapsedColumn(),
        )
        self._progress = progress.Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._progress.add_task(description, total=total)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, done: int, description: str) -> None:
        """Set the number of completed steps and the description."""
        self._progress.update(self._task, completed=done, description=description)
