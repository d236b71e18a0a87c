"""Every setting, declared once: `serve`'s flags, the TOML file, pytest's flags, ini keys and mark derive from SETTINGS.

To add a setting, add an entry to its topic; if the fake needs it, add a field of the same name to `fake/options.py`.
pytest loads this module at every start: it imports nothing but the light types.
"""

from __future__ import annotations

from emoji_mock.config.fake_value_types import (
    EyesValue,
    FaultRule,
    LatencyValue,
    LimitList,
    RuleList,
    ScenarioName,
    TimeValue,
)
from emoji_mock.config.setting import ALL, SERVER, TESTS, Place, Setting, in_topic
from emoji_mock.config.shared_value_types import KeyFile, PasswordFile, StorePrefix, StoreUrl
from emoji_mock.config.value_types import (
    COUNT,
    POSITIVE,
    Choice,
    HostNames,
    Integer,
    Number,
    PathName,
    Switch,
    ValueType,
)

_ANY_PORT = "0 for any free one"

SETTINGS: tuple[Setting, ...] = (
    *in_topic(
        "address and access",
        Setting("host", ValueType(), SERVER, "address to listen on", default="127.0.0.1"),
        Setting("port", Integer(0, 65535), SERVER, f"port to listen on, {_ANY_PORT}", default=8000),
        Setting(
            "tls_port",
            Integer(0, 65535),
            SERVER,
            f"port for TLS, with a certificate for the vendor's hosts, {_ANY_PORT}",
            "PORT",
        ),
        Setting(
            "proxy_port",
            Integer(0, 65535),
            SERVER,
            f"port of an HTTP proxy that answers for the vendor's hosts and passes on others, {_ANY_PORT}",
            "PORT",
        ),
        Setting(
            "ca_dir",
            PathName(expand_home=True),
            SERVER,
            "folder that keeps the certificate authority, so that a team trusts it once; default: a new one each start",
            "DIR",
        ),
        Setting("offline", Switch(), SERVER, "let the proxy reach no other host", default=False),
        Setting(
            "allow_host",
            HostNames(),
            SERVER,
            "further name by which the page, the control API and the manual may be opened, such as that of a container",
            "NAME",
        ),
    ),
    *in_topic(
        "answers",
        Setting(
            "config", PathName(), Place.SERVE, "TOML file with settings and rules; reloaded when it changes", "FILE"
        ),
        Setting(
            "scenario",
            ScenarioName(),
            ALL,
            "rules to play: a shipped scenario or a TOML file (see `emoji-mock scenario list`)",
            "NAME|FILE",
        ),
        Setting("rules", RuleList(), Place.FILE, "rules, in the order in which they are tried"),
        Setting(
            "replay",
            PathName(expand_home=True),
            SERVER,
            "answer with the recordings in a folder, where they fit (see `emoji-mock record --help`)",
            "DIR",
        ),
        Setting(
            "seed",
            Integer(-(2**63), 2**63 - 1, "a whole number of 64 bits"),
            ALL,
            "make request ids, boxes and chance repeatable",
            "N",
        ),
        Setting(
            "as_of",
            TimeValue(),
            ALL,
            "answer as on a day: 403 for models that are retired then (see `emoji-mock catalogue`); default: none is",
            "DATE",
        ),
        Setting("retired", Switch(), ALL, "answer as if every model were retired", default=False),
        Setting(
            "failed_as",
            Choice(200, 400),
            ALL,
            "HTTP status of failed detections: 200 as documented, 400 as one project observed; default: as each model",
            "200|400",
        ),
        Setting("humanoid", Switch(), ALL, "show `humanoid` in the verdicts of emo-detect-v1", default=False),
        Setting("details", Switch(), ALL, "end gateway messages with `For details, see: …`", default=False),
        Setting(
            "upright",
            Switch(),
            ALL,
            "count boxes in the picture as its EXIF orientation turns it; default: as it is stored",
            default=False,
        ),
        Setting(
            "eyes",
            EyesValue(),
            ALL,
            "judge uploaded and `data:` images by what is seen in them: on, off, or thresholds such as roll=25,yaw=30",
            "on|off",
        ),
        Setting(
            "time_scale",
            Number(0, 1000),
            ALL,
            "duration of a video task, as a share of the vendor's minutes; 0 is at once",
            "X",
            default=1,
            test_default=0,
        ),
    ),
    *in_topic(
        "network and limits",
        Setting(
            "fault",
            FaultRule(),
            Place.SERVE,
            "break calls by a network fault, always or by chance: reset=0.05; a wrong kind lists them all",
            "KIND[=CHANCE]",
        ),
        Setting(
            "latency",
            LatencyValue(),
            ALL,
            "delay every answer: by 0.2 seconds, or by a distribution such as lognormal:0.2,0.5 or uniform:0.1,0.5",
            "SECONDS|DISTRIBUTION",
        ),
        Setting(
            "limits",
            LimitList(),
            ALL,
            "limit every account, such as rps=1,images=200; a wrong name lists them all",
            "NAME=VALUE",
            flags=("--limit",),
        ),
    ),
    *in_topic(
        "memory",
        Setting("journal_size", Integer(1, 10_000_000), SERVER, "calls to keep in the journal", "N", default=10_000),
        Setting("upload_bytes", POSITIVE, SERVER, "bytes of uploaded files to keep", "N", default=64 * 1024 * 1024),
        Setting(
            "upload_dir",
            PathName(expand_home=True),
            SERVER,
            "folder to keep uploaded files in, instead of memory",
            "DIR",
        ),
        Setting("kept_picture_bytes", COUNT, SERVER, "bytes of `data:` images to keep for the page", "N", default=0),
    ),
    *in_topic(
        "replicas",
        Setting(
            "store",
            StoreUrl(),
            SERVER,
            "keep everything in a Valkey server that replicas share: valkey://HOST:6379/0",
            "URL",
        ),
        Setting(
            "store_prefix",
            StorePrefix(),
            SERVER,
            "prefix of all keys in the store: replicas with the same prefix share one state; default: emoji-mock",
            "NAME",
        ),
        Setting(
            "store_password_file",
            PasswordFile(),
            SERVER,
            "file with the password of the store; default: the variable EMOJI_MOCK_STORE_PASSWORD",
            "FILE",
        ),
        Setting(
            "workers",
            Integer(1, 64),
            SERVER,
            "number of processes that answer on the port; more than one need --store",
            "N",
            default=1,
        ),
        Setting(
            "policy_key",
            KeyFile(),
            SERVER,
            "file with the key that signs upload policies and video links, for replicas that share it; default: random",
            "FILE",
            flags=("--policy-key-file",),
        ),
    ),
    *in_topic(
        "output",
        Setting("verbose", Switch(), SERVER, "print a line for every call", default=False, flags=("--verbose", "-v")),
        Setting("no_page", Switch(), SERVER, "show no page at /", default=False),
        Setting("metrics", Switch(), SERVER, "serve Prometheus metrics at /_mock/metrics", default=False),
    ),
    *in_topic(
        "tests",
        Setting("max_images", COUNT, Place.PYTEST, "fail a run in which more than N images would be billed", "N"),
        Setting("report", PathName(), Place.PYTEST, "write the calls of the run to an HTML file", "FILE"),
        Setting("strict", Switch(), TESTS, "fail a test that leaves rules unused", default=True),
    ),
)


def settings_in(place: int) -> tuple[Setting, ...]:
    """Return the settings that can be given in `place`, or in one of several."""
    return tuple(setting for setting in SETTINGS if place & setting.places)
