"""Every setting, declared once: `serve`'s flags, the TOML file, pytest's flags, ini keys and mark derive from SETTINGS.

To add a setting, add an entry; if the fake itself needs it, add a field of the same name to `fake/options.py`, too.
pytest loads this module at every start: it imports nothing but the light types.
"""

from __future__ import annotations

from emoji_mock.config.fake_value_types import FaultRule, LatencyValue, LimitList, RuleList, ScenarioName, TimeValue
from emoji_mock.config.value_types import (
    COUNT,
    POSITIVE,
    Choice,
    HostNames,
    Integer,
    KeyFile,
    Number,
    PathName,
    Switch,
    ValueType,
)


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


_SERVER = Place.SERVE | Place.FILE
_TESTS = Place.PYTEST | Place.MARK
_ALL = _SERVER | _TESTS
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
        return self.default if self.test_default is _SAME or place & _SERVER else self.test_default

    def help_in(self, place: int, default: object = _SAME) -> str:
        """Return the help text of a flag, with its default, or another one, and whether it may be repeated."""
        default = self.default_in(place) if default is _SAME else default
        notes = [] if default is None or default is False else [f"default: {'true' if default is True else default}"]
        if place == Place.SERVE and self.type.is_repeated:
            notes.append("may be repeated")
        return f"{self.help} ({'; '.join(notes)})" if notes else self.help


SETTINGS: tuple[Setting, ...] = (
    Setting("host", ValueType(), _SERVER, "address to listen on", default="127.0.0.1"),
    Setting("port", Integer(0, 65535), _SERVER, "port to listen on, 0 for any free one", default=8000),
    Setting(
        "tls_port",
        Integer(0, 65535),
        _SERVER,
        "port for TLS, with a certificate for the vendor's hosts, 0 for any free one; see docs/run.md",
        "PORT",
    ),
    Setting(
        "proxy_port",
        Integer(0, 65535),
        _SERVER,
        "port of an HTTP proxy that answers for the vendor's hosts and passes on others, 0 for any free one",
        "PORT",
    ),
    Setting(
        "ca_dir",
        PathName(expand_home=True),
        _SERVER,
        "folder that keeps the certificate authority, for a team; without one, each start makes its own",
        "DIR",
    ),
    Setting("offline", Switch(), _SERVER, "let the proxy reach no other host", default=False),
    Setting(
        "allow_host",
        HostNames(),
        _SERVER,
        "name by which a browser or program may open the control API and the manual, beside localhost and the address",
        "NAME",
    ),
    Setting(
        "config",
        PathName(),
        Place.SERVE,
        "TOML file with any of these options, and rules; read again when it changes",
        "FILE",
    ),
    Setting(
        "scenario",
        ScenarioName(),
        _ALL,
        "rules to play: a shipped scenario or a TOML file (see `emoji-mock scenario list`)",
        "NAME|FILE",
    ),
    Setting(
        "seed",
        Integer(-(2**63), 2**63 - 1, "a whole number of 64 bits"),
        _ALL,
        "make request ids, boxes and chance repeatable",
        "N",
    ),
    Setting(
        "failed_as",
        Choice(200, 400),
        _ALL,
        "HTTP status of all failed detections: 200 as documented, 400 as one project observed; default: as each model",
        "200|400",
    ),
    Setting("humanoid", Switch(), _ALL, "show `humanoid` in the verdicts of emo-detect-v1", default=False),
    Setting("details", Switch(), _ALL, "end gateway messages with `For details, see: …`", default=False),
    Setting("retired", Switch(), _ALL, "answer as if the model were offline", default=False),
    Setting(
        "as_of",
        TimeValue(),
        _ALL,
        "answer as on a day: 403 for models that are retired then (see `emoji-mock catalogue`); default: all answer",
        "DATE",
    ),
    Setting(
        "upright",
        Switch(),
        _ALL,
        "count boxes in the picture as its EXIF orientation turns it, not as it is stored; see docs/contract.md",
        default=False,
    ),
    Setting(
        "fault",
        FaultRule(),
        Place.SERVE,
        "break calls by a network fault, always or by chance: reset=0.05; see docs/faults.md",
        "KIND[=CHANCE]",
    ),
    Setting(
        "latency",
        LatencyValue(),
        _ALL,
        "delay every answer: 0.2, or lognormal:0.2,0.5; see docs/faults.md",
        "SECONDS|DISTRIBUTION",
    ),
    Setting(
        "limits",
        LimitList(),
        _ALL,
        "limit every account: rps=1,images=200; see docs/limits.md",
        "NAME=VALUE",
        flags=("--limit",),
    ),
    Setting("rules", RuleList(), Place.FILE, "rules, in the order in which they are tried"),
    Setting("journal_size", Integer(1, 10_000_000), _SERVER, "exchanges to keep in the journal", "N", default=10_000),
    Setting(
        "replay", PathName(expand_home=True), _SERVER, "answer with the recordings in a folder, where they fit", "DIR"
    ),
    Setting(
        "time_scale",
        Number(0, 1000),
        _ALL,
        "duration of a video task, as a share of the vendor's minutes; 0 is at once",
        "X",
        default=1,
        test_default=0,
    ),
    Setting(
        "upload_bytes",
        POSITIVE,
        _SERVER,
        "bytes of uploaded images to keep",
        "N",
        default=64 * 1024 * 1024,
    ),
    Setting(
        "upload_dir",
        PathName(expand_home=True),
        _SERVER,
        "folder to keep uploaded images in, instead of memory",
        "DIR",
    ),
    Setting(
        "policy_key",
        KeyFile(expand_home=True),
        _SERVER,
        "file with the key that signs upload policies and video links, for replicas that share it; else a random key",
        "FILE",
        flags=("--policy-key-file",),
    ),
    Setting("verbose", Switch(), _SERVER, "print a line for every call", default=False, flags=("--verbose", "-v")),
    Setting(
        "max_images",
        COUNT,
        Place.PYTEST,
        "fail a run in which more than N images would have been billed",
        "N",
    ),
    Setting("strict", Switch(), _TESTS, "fail a test that leaves rules unused", default=True),
)


def settings_in(place: int) -> tuple[Setting, ...]:
    """Return the settings that can be given in `place`, or in one of several."""
    return tuple(setting for setting in SETTINGS if place & setting.places)
