"""Divide the words behind `emoji-mock run` into its own options and the command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.config.setting import Place
from emoji_mock.config.settings import settings_in
from emoji_mock.programs.shells import SHELLS

if TYPE_CHECKING:
    from collections.abc import Sequence

VERDICT, PRINT_ENV, URL = "--verdict", "--print-env", "--url"


def split(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the options and the command: what is behind the first `--`, or begins with the first other word.

    Raises ValueError.
    """
    taking = _flags_with_a_value()
    place = 0
    while place < len(words):
        word = words[place]
        if word == "--":
            return list(words[:place]), list(words[place + 1 :])
        if not word.startswith("-") or word == "-":
            return list(words[:place]), list(words[place:])
        following = words[place + 1] if place + 1 < len(words) else ""
        if word == VERDICT and following == "strict":
            raise ValueError("--verdict strict: write --verdict=strict")
        place += 2 if _is_one(word, taking) or (word == PRINT_ENV and following in SHELLS) else 1
    return list(words), []


def _flags_with_a_value() -> list[str]:
    settings = [setting for setting in settings_in(Place.SERVE) if not setting.type.is_switch]
    return [flag for setting in settings for flag in setting.serve_flags] + [URL]


def _is_one(word: str, flags: list[str]) -> bool:
    """Return whether `word` is one of `flags`, or the beginning of one, as argparse accepts it."""
    return word in flags or (word.startswith("--") and any(flag.startswith(word) for flag in flags))
