"""The page of the settings: every flag of `serve` and of pytest, every key of a file, every argument of the mark."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from layout import code, page, plain, sentence, split_code, table

from emoji_mock.cli.serving.making import DEFAULTS
from emoji_mock.config.setting import Place, Setting
from emoji_mock.config.settings import settings_in
from emoji_mock.config.value_types import Integer, Switch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_INTRODUCTION = """\
A setting has one name everywhere. For `emoji-mock serve` and `emoji-mock run` it is a flag, or a
key of a configuration file. For pytest it is a flag, an ini key, or an argument of the mark.

A flag comes before the file. In a test the mark comes first, then the flag, then the ini file.
"""
_FILE = """\
These keys stand at the top of the file that `--config` names. [In an editor](scenarios.md#in-an-editor), a schema
completes and checks them. [Rules](rules.md) have their fields on a page of their own.
"""
_CODE = re.compile(
    r"(?<![\w-])--[a-z][a-z-]*"  # a flag
    r"|\w+://[^\s…]*[\w/]|\b[a-z_]+[=:]\d[\w.,=]*\w"  # a URL, a value such as rps=1,images=200
    r"|[~/\w.]*\w_\w[\w/]*|/_mock/\w+"  # a variable, a name with underscores, a path
)
_PAGE = re.compile(r"\(?\b(?:see )?docs/([\w/-]+)\.md\)?")


def pages() -> dict[str, str]:
    """Return the page by its path."""
    only = [setting for setting in settings_in(Place.FILE) if not setting.places & Place.SERVE]
    return {
        "settings.md": page(
            "Settings",
            _INTRODUCTION,
            "## Of a server",
            _FILE,
            *_by_topic(Place.SERVE, ("Flag, and key of the file", "Value", "Default", "What it does"), _serve),
            "Keys of the file that have no flag: " + ", ".join(f"{code(one.name)} ({one.help})" for one in only) + ".",
            "## Of tests",
            "[Fixtures, marks and flags](pytest.md) lists the flags that are no settings of a fake.",
            *_by_topic(
                Place.PYTEST | Place.MARK,
                ("Flag, and ini key", "Mark", "Value", "Default", "What it does"),
                _pytest,
            ),
        )
    }


def _by_topic(place: int, headings: tuple[str, ...], row: Callable[[Setting], tuple[str, ...]]) -> Iterator[str]:
    """Yield the tables of the settings of a place, each under the heading of its topic."""
    topics: dict[str, list[Setting]] = {}
    for setting in settings_in(place):
        topics.setdefault(setting.topic, []).append(setting)
    for topic, found in topics.items():
        yield f"### {topic[:1].upper()}{topic[1:]}" + ("" if place & Place.SERVE else " (tests)")
        yield table(headings, map(row, found))


def linked(text: str, up: str = "../") -> str:
    """Return a help text with the pages that it names as links."""
    return _PAGE.sub(lambda found: f"([{found[1].rpartition('/')[2]}]({up}{found[1]}.md))", marked(text))


def marked(text: str) -> str:
    """Return a help text with flags, variables and names with underscores in backticks."""
    parts = split_code(text)
    return plain("".join(part if part.startswith("`") else _CODE.sub(r"`\g<0>`", part) for part in parts))


def _serve(setting: Setting) -> tuple[str, ...]:
    names = [*setting.serve_flags, *([setting.name] if setting.places & Place.FILE else [])]
    repeated = " It may be repeated." if setting.type.is_repeated else ""
    default = _default(DEFAULTS.get(setting.name, setting.default_in(Place.SERVE)))
    return ", ".join(map(code, names)), _value(setting), default, _help(setting) + repeated


def _pytest(setting: Setting) -> tuple[str, ...]:
    names: list[str] = []
    if setting.places & Place.PYTEST:
        off = [setting.pytest_flag.replace("--emoji-", "--no-emoji-")] if isinstance(setting.type, Switch) else []
        names = [setting.pytest_flag, *off, setting.ini_key]
    mark = code(setting.name) if setting.places & Place.MARK else ""
    return (
        ", ".join(map(code, names)),
        mark,
        _value(setting),
        _default(setting.default_in(Place.PYTEST)),
        _help(setting),
    )


def _help(setting: Setting) -> str:
    return sentence(linked(setting.help).replace("; ([", " ([").rstrip("."))


def _value(setting: Setting) -> str:
    if setting.type.is_switch:
        return "true or false"
    if isinstance(setting.type, Integer):
        return plain(setting.type.expected)
    return code(setting.metavar).replace("|", "` or `") if setting.metavar else plain(setting.type.expected)


def _default(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return code(str(value).lower())
        case _:
            return code(str(value))
