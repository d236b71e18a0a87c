"""Every setting, declared once: `serve`'s flags, the TOML file, pytest's flags, ini keys and mark derive from SETTINGS.

To add a setting, add an entry; if the fake itself needs it, add a field of the same name to `fake/options.py`, too.
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
from emoji_mock.config.setting import ALL, SERVER, TESTS, Place, Setting
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

SETTINGS: tuple[Setting, ...] = (
    Setting("host", ValueType(), SERVER, "address to listen on", default="127.0.0.1"),
    Setting("port", Integer(0, 65535), SERVER, "port to listen on, 0 for any free one", default=8000),
    Setting(
        "tls_port",
        Integer(0, 65535),
        SERVER,
        "port for TLS, with a certificate for the vendor's hosts, 0 for any free one; see docs/reference/programs.md",
        "PORT",
    ),
    Setting(
        "proxy_port",
        Integer(0, 65535),
        SERVER,
        "port of an HTTP proxy that answers for the vendor's hosts and passes on others, 0 for any free one",
        "PORT",
    ),
    Setting(
        "ca_dir",
        PathName(expand_home=True),
        SERVER,
        "folder that keeps the certificate authority, for a team; without one, each start makes its own",
        "DIR",
    ),
    Setting("offline", Switch(), SERVER, "let the proxy reach no other host", default=False),
    Setting(
        "allow_host",
        HostNames(),
        SERVER,
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
        ALL,
        "rules to play: a shipped scenario or a TOML file (see `emoji-mock scenario list`)",
        "NAME|FILE",
    ),
    Setting(
        "seed",
        Integer(-(2**63), 2**63 - 1, "a whole number of 64 bits"),
        ALL,
        "make request ids, boxes and chance repeatable",
        "N",
    ),
    Setting(
        "failed_as",
        Choice(200, 400),
        ALL,
        "HTTP status of all failed detections: 200 as documented, 400 as one project observed; default: as each model",
        "200|400",
    ),
    Setting("humanoid", Switch(), ALL, "show `humanoid` in the verdicts of emo-detect-v1", default=False),
    Setting("details", Switch(), ALL, "end gateway messages with `For details, see: …`", default=False),
    Setting("retired", Switch(), ALL, "answer as if the model were offline", default=False),
    Setting(
        "as_of",
        TimeValue(),
        ALL,
        "answer as on a day: 403 for models that are retired then (see `emoji-mock catalogue`); default: all answer",
        "DATE",
    ),
    Setting(
        "upright",
        Switch(),
        ALL,
        "count boxes in the picture as its EXIF orientation turns it, not as it is stored; "
        "see docs/explanations/differences.md",
        default=False,
    ),
    Setting(
        "eyes",
        EyesValue(),
        ALL,
        "judge uploaded and `data:` images by what is seen in them: on, off or roll=25,yaw=30; "
        "see docs/explanations/vision.md",
        "on|off",
    ),
    Setting(
        "fault",
        FaultRule(),
        Place.SERVE,
        "break calls by a network fault, always or by chance: reset=0.05; see docs/reference/faults.md",
        "KIND[=CHANCE]",
    ),
    Setting(
        "latency",
        LatencyValue(),
        ALL,
        "delay every answer: 0.2, or lognormal:0.2,0.5; see docs/reference/faults.md",
        "SECONDS|DISTRIBUTION",
    ),
    Setting(
        "limits",
        LimitList(),
        ALL,
        "limit every account: rps=1,images=200; see docs/recipes/budget.md",
        "NAME=VALUE",
        flags=("--limit",),
    ),
    Setting("rules", RuleList(), Place.FILE, "rules, in the order in which they are tried"),
    Setting("journal_size", Integer(1, 10_000_000), SERVER, "exchanges to keep in the journal", "N", default=10_000),
    Setting(
        "replay", PathName(expand_home=True), SERVER, "answer with the recordings in a folder, where they fit", "DIR"
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
    Setting(
        "upload_bytes",
        POSITIVE,
        SERVER,
        "bytes of uploaded images to keep",
        "N",
        default=64 * 1024 * 1024,
    ),
    Setting(
        "upload_dir",
        PathName(expand_home=True),
        SERVER,
        "folder to keep uploaded images in, instead of memory",
        "DIR",
    ),
    Setting(
        "policy_key",
        KeyFile(),
        SERVER,
        "file with the key that signs upload policies and video links, for replicas that share it; else a random key",
        "FILE",
        flags=("--policy-key-file",),
    ),
    Setting(
        "metrics",
        Switch(),
        SERVER,
        "serve Prometheus metrics at /_mock/metrics (docs/recipes/metrics.md)",
        default=False,
    ),
    Setting(
        "store",
        StoreUrl(),
        SERVER,
        "keep everything in a Valkey server that replicas share: valkey://HOST:6379/0; see docs/recipes/replicas.md",
        "URL",
    ),
    Setting(
        "store_prefix",
        StorePrefix(),
        SERVER,
        "prefix of all keys in the store: replicas with the same prefix share one state; without it, emoji-mock",
        "NAME",
    ),
    Setting(
        "store_password_file",
        PasswordFile(),
        SERVER,
        "file with the password of the store; without it, that in EMOJI_MOCK_STORE_PASSWORD",
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
    Setting("no_page", Switch(), SERVER, "show no page at /", default=False),
    Setting("kept_picture_bytes", COUNT, SERVER, "bytes of `data:` images to keep for the page", "N", default=0),
    Setting("verbose", Switch(), SERVER, "print a line for every call", default=False, flags=("--verbose", "-v")),
    Setting(
        "max_images",
        COUNT,
        Place.PYTEST,
        "fail a run in which more than N images would have been billed",
        "N",
    ),
    Setting("report", PathName(), Place.PYTEST, "write the calls of the run to an HTML file", "FILE"),
    Setting("strict", Switch(), TESTS, "fail a test that leaves rules unused", default=True),
)


def settings_in(place: int) -> tuple[Setting, ...]:
    """Return the settings that can be given in `place`, or in one of several."""
    return tuple(setting for setting in SETTINGS if place & setting.places)
