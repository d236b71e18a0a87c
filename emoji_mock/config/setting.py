"""One setting: where it can be given, how it is written there, and what holds where it is not given."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emoji_mock.config.value_types import ValueType


class Place:
    """Where a setting can be given, combined by `|`: numbers, as pytest would pay for an enum at each start."""

    SERVE = 1
    """A flag of `emoji-mock serve`."""
    FILE = 2
    """A key of the TOML file of `serve --config`."""
    PYTEST = 4
    """A flag of pytest, `--emoji-NAME`, and a key of its ini file, `emoji_NAME`."""
    MARK = 8
    """An argument of `@pytest.mark.emoji`."""


SERVER = Place.SERVE | Place.FILE
TESTS = Place.PYTEST | Place.MARK
ALL = SERVER | TESTS
_SAME = object()


class Setting:
    """One setting. Where nothing is given `default` holds, in tests `test_default`; None leaves it unset.

    Flags and ini keys derive from the name, which it has in Python and in TOML; `flags` are those of `serve`, if there
    is more to it than `--NAME`.
    """

    def __init__(
        self,
        name: str,
        type: ValueType,  # noqa: A002 - as the attribute
        places: int,
        help: str,  # noqa: A002 - likewise
        metavar: str | None = None,
        *,
        default: object = None,
        test_default: object = _SAME,
        flags: tuple[str, ...] = (),
    ) -> None:
        self.name, self.type, self.places = name, type, places
        self.help, self.metavar = help, metavar
        self.default, self.test_default = default, test_default
        self.flags = flags
        self.topic = ""
        """The heading of its group in help texts and tables; `in_topic` sets it."""

    @property
    def serve_flags(self) -> tuple[str, ...]:
        """The flags of `emoji-mock serve`."""
        return self.flags or (f"--{self.name.replace('_', '-')}",)

    @property
    def pytest_flag(self) -> str:
        """The flag of pytest."""
        return f"--emoji-{self.name.replace('_', '-')}"

    @property
    def ini_key(self) -> str:
        """The key in pytest's ini file; pytest keeps the flag under this name, too."""
        return f"emoji_{self.name}"

    def default_in(self, place: int) -> object:
        """Return the value that holds where nothing is given."""
        return self.default if self.test_default is _SAME or place & SERVER else self.test_default

    def help_in(self, place: int, default: object = _SAME) -> str:
        """Return the help text of a flag, with its default, or another one, and whether it may be repeated."""
        default = self.default_in(place) if default is _SAME else default
        notes = [] if default is None or default is False else [f"default: {'true' if default is True else default}"]
        if place == Place.SERVE and self.type.is_repeated:
            notes.append("may be repeated")
        return f"{self.help} ({'; '.join(notes)})" if notes else self.help


def in_topic(topic: str, *settings: Setting) -> tuple[Setting, ...]:
    """Set the topic of `settings` and return them."""
    for setting in settings:
        setting.topic = topic
    return settings
