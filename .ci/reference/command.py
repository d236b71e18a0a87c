"""The page of the command: each verb with its arguments."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING

from layout import block, code, page, sentence, table
from settings import linked

from emoji_mock.cli import main
from emoji_mock.config.setting import Place
from emoji_mock.config.settings import settings_in

if TYPE_CHECKING:
    from collections.abc import Iterator

_INTRODUCTION = """\
`emoji-mock --help` lists the verbs, and `emoji-mock VERB --help` the options of one. A setting
of a fake is described on the page of the [settings](settings.md).
"""


def pages() -> dict[str, str]:
    """Return the page by its path."""
    verbs = dict(main.make_parser().walk())
    parts = [part for words, parser in verbs.items() if words for part in _section(words, parser, verbs)]
    lines = [(f"[`{words[0]}`](#{words[0]})", _purpose(parser)) for words, parser in verbs.items() if len(words) == 1]
    return {"cli.md": page("Command line", _INTRODUCTION, table(("Verb", "What it does"), lines), *parts)}


def _purpose(parser: argparse.ArgumentParser) -> str:
    return linked((parser.description or "").partition("\n\n")[0].replace("\n", " "))


def _section(
    words: tuple[str, ...], parser: argparse.ArgumentParser, verbs: dict[tuple[str, ...], argparse.ArgumentParser]
) -> Iterator[str]:
    name = " ".join(words)
    yield f"{'#' * (len(words) + 1)} {name}"
    yield from (linked(part.replace("\n", " ")) for part in (parser.description or "").split("\n\n"))
    if any(other[:-1] == words for other in verbs if other):
        return
    yield f"`{_usage(name, parser)}`"
    shown = [action for action in parser._actions if action.help != argparse.SUPPRESS]  # noqa: SLF001
    settings = {flag for setting in settings_in(Place.SERVE) for flag in setting.serve_flags}
    own = [action for action in shown if "--help" not in action.option_strings]
    if "--scenario" in {flag for action in own for flag in action.option_strings}:
        yield from _settings(parser, verbs["serve",])
        own = [action for action in own if not settings & set(action.option_strings)]
    if own:
        yield table(("Argument", "What it does"), [_row(parser, action) for action in own])
    if parser.epilog:
        yield from _epilog(parser.epilog)


def _settings(parser: argparse.ArgumentParser, serve: argparse.ArgumentParser) -> Iterator[str]:
    """Yield which settings a verb takes, and where it differs from `serve`."""
    given = {action.dest: action for action in parser._actions}  # noqa: SLF001
    missing = [action.option_strings[0] for action in serve._actions if action.dest not in given]  # noqa: SLF001
    other = [
        f"{code(one.option_strings[0])} {code(_default_of(one))}"
        for one in given.values()
        for its in serve._actions  # noqa: SLF001
        if one.dest == its.dest and _default_of(one) != _default_of(its)
    ]
    parts = ["It takes the [settings of a server](settings.md#of-a-server)"]
    parts += [f"but not {', '.join(map(code, missing))}"] if missing else []
    parts += [f"with other defaults: {', '.join(other)}"] if other else []
    yield f"{', '.join(parts)}."


def _default_of(action: argparse.Action) -> str:
    """Return the default that a help text names."""
    found = re.search(r"default: ([^;)]+)", action.help or "")
    return found[1] if found else ""


def _usage(name: str, parser: argparse.ArgumentParser) -> str:
    words = [f"emoji-mock {name}", "[OPTION …]"]
    for action in parser._actions:  # noqa: SLF001
        if not action.option_strings and action.help != argparse.SUPPRESS:
            word = str(action.metavar or action.dest)
            if parser.get_default("split"):  # the words of a command, which follow ` -- `
                word = f"-- {word}"
            more = {"+": f"{word} …", "*": f"[{word} …]", "?": f"[{word}]", argparse.REMAINDER: f"{word} …"}
            words.append(more.get(str(action.nargs), word))
    return " ".join(words)


def _row(parser: argparse.ArgumentParser, action: argparse.Action) -> tuple[str, str]:
    words = [str(action.metavar or action.dest)] if not action.option_strings else list(action.option_strings)
    if action.option_strings and action.nargs != 0:
        value = action.metavar or action.dest.upper()
        value = value if isinstance(value, str) else " ".join(value)
        words[-1] += f"[={value}]" if action.nargs == "?" else f" {value}"
    text = sentence(linked(parser._get_formatter()._expand_help(action))) if action.help else ""  # noqa: SLF001
    choices = f" One of {' '.join(code(str(one)) for one in action.choices)}." if action.choices else ""
    return ", ".join(map(code, words)), text + choices


def _epilog(text: str) -> Iterator[str]:
    """Yield the paragraphs of an epilog; the lines of a block below a title are indented."""
    for part in re.split(r"\n\s*\n", text.strip("\n")):
        lines = part.split("\n")
        if lines[1:] and all(line.startswith("  ") for line in lines[1:]):
            yield lines[0].capitalize()
            commands = block("sh", "\n".join(line[2:] for line in lines[1:]))
            yield f"<!-- not run: a test parses the examples of every help text -->\n{commands}"
        else:
            yield linked(" ".join(lines))
