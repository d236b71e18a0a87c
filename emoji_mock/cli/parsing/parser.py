"""The parser of a verb: described when it first parses, its errors in one line."""

from __future__ import annotations

import argparse
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any, Never

from emoji_mock.cli.parsing.help_text import VerbHelp

if TYPE_CHECKING:
    from collections.abc import Iterator


class VerbParser(argparse.ArgumentParser):
    """A parser whose arguments are added by `module:function` when it first parses; errors are one line."""

    def __init__(self, *args: Any, described_by: str = "", **kwargs: Any) -> None:  # noqa: ANN401 - argparse's own
        kwargs.setdefault("formatter_class", VerbHelp)
        super().__init__(*args, **kwargs)
        self._described_by = described_by

    def describe(self) -> None:
        """Add the arguments, unless that was done before."""
        module, _, function = self._described_by.partition(":")
        if module:
            self._described_by = ""
            getattr(import_module(module), function)(self)

    def walk(self, *words: str) -> Iterator[tuple[tuple[str, ...], VerbParser]]:
        """Yield this parser and those of the verbs below it, described, each after its words."""
        self.describe()
        yield words, self
        for action in self._actions:
            below: Any = action.choices if action.nargs == argparse.PARSER else {}
            for name, parser in below.items():
                yield from parser.walk(*words, name)

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
        self.describe()
        command: list[str] | None = None
        if split := self.get_default("split"):
            try:
                own, command = split(args[0])
                args = (own, *args[1:])
            except ValueError as error:
                self.error(str(error))
        known, others = super().parse_known_args(*args, **kwargs)
        if others:
            self.error(self._describe_unknown(others))
        if command is not None:
            known.command = command
        return known, others

    def _check_value(self, action: argparse.Action, value: Any) -> None:  # noqa: ANN401 - argparse's own
        if action.choices is not None and value not in action.choices:
            from emoji_mock._support.validation import unknown  # noqa: PLC0415 - needed for an error only

            what = "verb" if action.metavar == "VERB" else "value"
            raise argparse.ArgumentError(None if what == "verb" else action, unknown(what, value, action.choices))

    def _describe_unknown(self, words: list[str]) -> str:
        """Return what is wrong with arguments that nothing takes: the first option, or the first word."""
        option = next((word.partition("=")[0] for word in words if word.startswith("-")), "")
        if not option:
            return f"unexpected argument {words[0]!r}; leave it out"
        from emoji_mock._support.validation import did_you_mean, nearest  # noqa: PLC0415 - needed for an error only

        near = nearest(option, re.findall(r"--[a-z][a-z-]*", self.format_usage()), alike=0.7)
        return f"unknown option {option!r}{f'; {did_you_mean(near)}' if near else ''}"
