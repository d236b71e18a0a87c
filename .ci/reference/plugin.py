"""The page of the pytest plugin: fixtures, marks, and the flags that are no settings of a fake."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import pytest_emoji_mock
from layout import code, page, plain, table
from pytest_emoji_mock import _fixtures

from emoji_mock.config.setting import Place
from emoji_mock.config.settings import settings_in

if TYPE_CHECKING:
    from collections.abc import Iterator

_INTRODUCTION = """\
The plugin is active wherever emoji-mock is installed beside pytest. Until a fixture is used, it
only watches that no test calls the vendor.
"""
_EXTRAS = {"emoji_respx": "respx", "emoji_client": "client"}
_FAILS = (
    ("a rule that was never used", "`@pytest.mark.emoji(strict=False)`, or `--no-emoji-strict`"),
    (
        "a call to the vendor that did not reach a fake; it is stopped before a byte is sent",
        "mark the test with `emoji_live`",
    ),
    ("a mark that is invalid, or that no fixture reads", "correct or remove it"),
    ("more images in the run than `--emoji-max-images` allows", "a larger number"),
)


def pages() -> dict[str, str]:
    """Return the page by its path."""
    arguments = ", ".join(code(one.name) for one in settings_in(Place.MARK))
    return {
        "pytest.md": page(
            "pytest",
            _INTRODUCTION,
            "## Fixtures",
            table(("Fixture", "Scope", "Gives", "What it does"), _fixture_rows()),
            "Within a test, `emoji_api`, `emoji_server`, `emoji_respx` and `emoji_client` share one fake.",
            "## Marks",
            table(
                ("Mark", "What it does"),
                (
                    ("`@pytest.mark.emoji(…)`", f"Sets how the fake of a test behaves: {arguments}."),
                    ("`@pytest.mark.emoji_live`", "The test may call the vendor. It runs only with `--emoji-live`."),
                ),
            ),
            "[Settings](settings.md#of-tests) describes the arguments.",
            "## Flags",
            "[Settings](settings.md#of-tests) lists those that set how a fake behaves. The others are:",
            table(("Flag", "Value", "What it does"), _flag_rows()),
            "## What fails a test",
            table(("What happened", "How to allow it"), _FAILS),
        )
    }


def _fixture_rows() -> Iterator[tuple[str, ...]]:
    for name, fixture in vars(_fixtures).items():
        if not name.startswith("emoji_"):
            continue
        function = fixture.__wrapped__ if hasattr(fixture, "__wrapped__") else fixture._fixture_function  # noqa: SLF001
        given = str(inspect.signature(function).return_annotation).removeprefix("Iterator[").removesuffix("]")
        extra = f" It needs `emoji-mock[{_EXTRAS[name]}]`." if name in _EXTRAS else ""
        text = plain((inspect.getdoc(function) or "").partition("\n\n")[0].replace("\n", " "))
        yield code(name), "session" if name.endswith("_session") else "test", code(given), text + extra


def _flag_rows() -> Iterator[tuple[str, ...]]:
    yield "`--emoji-live`", "", "Let tests marked `emoji_live` call the vendor."
    for name, metavar, text in pytest_emoji_mock._CONFORMANCE:  # noqa: SLF001 - the plugin's own
        yield code(f"--emoji-{name}"), code(metavar), f"{text[:1].upper()}{plain(text[1:])}."
