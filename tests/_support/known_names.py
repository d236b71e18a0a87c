"""Every name that a page may use: flags, verbs, settings, fixtures, codes, routes and so on, from the code itself."""

import builtins
import importlib
import keyword
import re
import sys
import tomllib
from functools import cache
from pathlib import Path

from emoji_mock.cli import main
from emoji_mock.config.scenarios import shipped
from emoji_mock.config.setting import Place
from emoji_mock.config.settings import SETTINGS, settings_in
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.codes import Code
from emoji_mock.contract.endpoint import EndpointName
from emoji_mock.contract.models import MODELS
from emoji_mock.fake.network.faults import FaultKind
from emoji_mock.verdict.findings import Kind

HOME = Path(__file__).parents[2]
SOURCES = [HOME / "emoji_mock", HOME / "pytest_plugin"]
FOREIGN_FLAGS = frozenset(
    {
        *("--build-arg", "--env", "--format", "--init", "--network", "--scale", "--stop-timeout", "--tmpfs"),
        *("--appendonly", "--cacert", "--proxy", "--cov", "--cov-report"),
        *("--ignore-certificate-errors-spki-list", "--user-data-dir"),
    }
)
"""Flags of other programs that pages name alone: of docker, valkey-server, a browser, curl, pytest-cov."""
EXTRAS = frozenset(tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"])
FAULTS, FINDINGS = frozenset(FaultKind), frozenset(kind.value.title for kind in Kind)
ENDPOINTS, SCENARIOS = frozenset(EndpointName), frozenset(shipped())
CODES = frozenset(Code) | {row.name for row in ROWS}
ENDINGS = frozenset(code.rpartition(".")[2] for code in Code)
"""What is enough of a code where a person types one."""
FAMILIES = frozenset(code.partition(".")[0] for code in Code if "." in code)
MARK = frozenset(setting.name for setting in settings_in(Place.MARK))
INI = frozenset(setting.ini_key for setting in settings_in(Place.PYTEST))
FILE = frozenset(setting.name for setting in settings_in(Place.FILE))


@cache
def verbs():
    """Return the parser of each verb and of each of its own verbs, by the words after `emoji-mock`."""
    return dict(main.make_parser().walk())


@cache
def flags_of(words):
    """Return the flags of a verb."""
    return frozenset(flag for action in verbs()[words]._actions for flag in action.option_strings)


@cache
def flags():
    """Return every flag of the command, of this project's own scripts, and of other programs."""
    scripts = [
        *(HOME / ".ci").rglob("*"),
        *(HOME / "tests" / "benchmarks").glob("*.py"),
        HOME / "tests" / "conftest.py",
    ]
    texts = [path.read_text("utf-8") for path in scripts if path.is_file() and path.suffix in (".py", "")]
    own = [flag for text in texts for flag in re.findall(r"""["'](--[a-z][\w-]*)["']""", text)]
    return FOREIGN_FLAGS.union(own, *map(flags_of, verbs()))


def pytest_names(config):
    """Return the flags of this run of pytest, the plugin's among them, and the fixtures and marks of the plugin."""
    import pytest_emoji_mock._fixtures as module

    given = {flag for group in config._parser._groups for option in group.options for flag in option.names()}
    given |= {flag for option in config._parser._anonymous.options for flag in option.names()}
    given |= {flag.replace("--emoji-", "--no-emoji-") for flag in given if flag.startswith("--emoji-")}
    return given, {name for name in vars(module) if re.match("emoji_", name)} | {"emoji_live", "emoji_mock"}


@cache
def routes():
    """Return the methods of each route of the control API, by its path."""
    from emoji_mock import Fake
    from emoji_mock.server.control.api import control_router

    found = {}
    for route in control_router(Fake()).routes:
        found.setdefault(route.path, set()).update(route.methods)
    return found


@cache
def metrics():
    """Return the names of all metrics, and of their samples."""
    from prometheus_client import CollectorRegistry

    from emoji_mock import Fake
    from emoji_mock.server.metrics.collectors import StateCollector
    from emoji_mock.server.metrics.instruments import Instruments

    registry = CollectorRegistry()
    Instruments(registry)
    registry.register(StateCollector(Fake(), "memory"))
    families = [family.name for family in registry.collect()]
    return frozenset(
        f"{name}{ending}"
        for name in families
        for ending in ("", "_total", "_bucket", "_sum", "_count", "_info", "_created")
    )


def resolve(dotted):
    """Return the names among which a dotted name of Python would be, or None if it exists or needs an extra."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        name = ".".join(parts[:length])
        try:
            thing = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name is not None and not name.startswith(error.name):
                return None  # an extra
            continue
        for part in parts[length:]:
            there = {*dir(thing), *getattr(thing, "__annotations__", ())}
            if part not in there:
                return {f"{name}.{one}" for one in there if one[0] != "_"}
            thing = getattr(thing, part, None)
        return None
    return set()


@cache
def words():
    """Return every word in the code, and those of Python: what is there is no misspelling."""
    found = {*dir(builtins), *keyword.kwlist, *sys.stdlib_module_names}
    for folder in SOURCES:
        for path in folder.rglob("*.py"):
            found.update(re.findall(r"[\w-]+(?:\.[\w-]+)*", path.read_text("utf-8")))
    return frozenset(found | {part for word in found for part in re.split(r"[.-]", word)})


@cache
def public():
    """Return the names that a page is most likely to misspell."""
    settings = {setting.name for setting in SETTINGS}
    return frozenset().union(
        CODES, ENDINGS, FAULTS, FINDINGS, ENDPOINTS, SCENARIOS, MODELS, EXTRAS, INI, settings, _members()
    )


def _members():
    import emoji_mock
    from emoji_mock import EmojiApi, EmojiServer

    return {name for kind in (EmojiApi, EmojiServer) for name in dir(kind) if name[0] != "_"} | set(emoji_mock.__all__)


@cache
def members(fixture):
    """Return the attributes of what a fixture gives."""
    from emoji_mock import EmojiApi, EmojiServer, FakeRouter
    from emoji_mock.client import EmojiDetect

    kinds = {"emoji_api": EmojiApi, "emoji_server": EmojiServer, "emoji_client": EmojiDetect, "emoji_respx": FakeRouter}
    kind = kinds[fixture]
    source = Path(sys.modules[kind.__module__].__file__).read_text("utf-8")
    return frozenset(dir(kind)) | set(re.findall(r"self\.(\w+)", source))


@cache
def variables():
    """Return the environment variables that the code reads or sets."""
    return frozenset(
        name
        for folder in (*SOURCES, HOME / "tests")
        for path in folder.rglob("*.*")
        if path.suffix in (".py", ".cjs") and path.parent.name != "reference"
        for name in re.findall(r"EMOJI_MOCK_[A-Z_]+", path.read_text("utf-8"))
    )
