"""The page of scenario files: their keys, where they are played, and the scenarios that are shipped."""

from __future__ import annotations

import re

from layout import code, page, table

from emoji_mock.config import scenarios
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.fake.rules.scenario import Scenario

_INTRODUCTION = """\
A scenario is a named list of rules, with latency and limits if you like. It is a file in TOML.
[Write a scenario](../recipes/scenarios.md) shows one. YAML is not supported: Python's standard
library reads TOML.
"""
_KEYS = {
    "name": "The name. Without it, that of the file.",
    "description": "What the scenario is for, in one line. It is required.",
    "seed": "Makes chance repeatable, unless the fake has a seed of its own.",
    "latency": "Delays every answer: seconds, or a distribution such as `{ lognormal = [0.2, 0.5] }`"
    " ([faults](faults.md)).",
    "limits": "The [limits](limits.md) of every account.",
    "rules": "The [rules](rules.md). The first one that matches and is not used up decides.",
}
_PLAYED = (
    ("a server", "`emoji-mock serve --scenario flaky-monday`, or `--scenario mine.toml`; `scenario` in its file"),
    ("a test, a class or a module", '`@pytest.mark.emoji(scenario="flaky-monday")`'),
    ("all tests", "`--emoji-scenario mine.toml`, or `emoji_scenario = mine.toml` in the ini file"),
    ("a program", "`emoji-mock run --scenario mine.toml -- COMMAND`"),
    (
        "a running server",
        (
            '`PUT /_mock/scenario` with `{"name": "flaky-monday"}`, or with a whole scenario in JSON; a path cannot be'
            " sent. `GET` returns the current one"
        ),
    ),
)
_PATHS = (
    ("a `--config` file", "the folder of that file"),
    ("pytest's ini file", "the folder of that file, then pytest's root"),
    ("a flag of `serve`, `run` or pytest", "the working directory; with pytest then its root"),
    ("a mark", "the folder of the test file, then pytest's root"),
)
_ORDER = """\
In a test its own rules come first, and only these must be used. On a server the order is: flags,
the `--config` file, the scenario. Rules are tried in this order (those of the file before
`--fault`). Of latency and limits, the first that is set applies.

A scenario that is played later replaces everyone's rules, limits and latency. The rules and
limits of a namespace stay and come first. `POST /_mock/reset` ends it, and restores what the
server was started with: its flags, its file, its scenario.
"""
_RELOAD = """\
A server looks at its `--config` file and the file of its scenario four times a second. It
reloads them when they have changed and are no longer being written. Socket, journal and ledger
are kept.

A reload applies rules, latency, limits and the choice of a scenario. It prints `reloaded: 3 rules`
. The rules then count as unused. All other settings need a restart.

If a file has a mistake, or is missing, the server prints that once for each change. The rules
stay as they are until the file can be read. A scenario that the configuration names is watched
from then on, whether it is there or not. At the start both files must be there and valid.

A file may be written in place, replaced by another, or be behind a link whose target changes.
One that has become empty is given two seconds to be filled.
"""


def pages() -> dict[str, str]:
    """Return the page by its path."""
    if _KEYS.keys() != {*Scenario.__struct_fields__}:
        raise ValueError(f"keys of a scenario without a row: {_KEYS.keys() ^ {*Scenario.__struct_fields__}}")
    shipped = [(code(name), _description(name)) for name in scenarios.shipped()]
    return {
        "scenarios.md": page(
            "Scenario files",
            _INTRODUCTION,
            table(("Key", "What it is"), [(code(name), what) for name, what in _KEYS.items()]),
            "## Where a scenario is played",
            table(("In", "By"), _PLAYED),
            "A value that ends with `.toml` or contains a slash is a path. A relative path starts:",
            table(("Given in", "From"), _PATHS),
            "The same holds for `replay` and `upload_dir`.",
            "## Which rule comes first",
            _ORDER,
            "## Reloading",
            _RELOAD,
            "## Shipped scenarios",
            table(("Name", "What callers get"), shipped),
            "`emoji-mock scenario show NAME` prints one.",
        )
    }


def _description(name: str) -> str:
    """Return the description of a shipped scenario, with its codes as links."""
    text = scenarios.find(name).description
    for one in {row.code for row in ROWS if row.code}:
        text = re.sub(rf"(?<![\w.]){re.escape(one)}(?![\w]|\.\w)", f"[`{one}`](catalogue/{one}.md)", text)
    return text
