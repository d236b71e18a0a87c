"""`emoji-mock preload`: where the files lie that turn a program's calls to the fake from within."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.programs.preloads import PRELOADS

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def describe(parser: ArgumentParser) -> None:
    """Add description and arguments."""
    parser.description = (
        "Print the path of the preload, which `emoji-mock run` sets: for Node a file (`node --require FILE`), for"
        " Python a folder (`PYTHONPATH=FOLDER`). It does nothing without the variables that `run --print-env` prints."
    )
    parser.set_defaults(run=preload)
    parser.add_argument("language", choices=tuple(PRELOADS))


def preload(chosen: Namespace) -> int:
    """Print the path, and return the exit status."""
    print(PRELOADS[chosen.language])
    return 0
