"""The page of scenario files: their keys, where they are played, and the scenarios that are shipped."""

from __future__ import annotations

import re

from fields import Fields
from layout import block, code, page, table

from emoji_mock.config import scenarios
from emoji_mock.config.schemas import scenario_schema
from emoji_mock.contract.catalogue import ROWS

_INTRODUCTION = """\
A scenario is a named list of rules, with latency and limits if you like. It is a file in TOML.
[Write a scenario](../recipes/scenarios.md) shows one. YAML is not supported: Python's standard
library reads TOML.
"""
_LINKS = {"Latency": "rules.md#latency", "Limits": "limits.md", "Rule": "rules.md"}
_EDITOR = """\
Editors complete and check such a file by its JSON Schema. Those that use Taplo, such as Visual
Studio Code with Even Better TOML, read it from the first line of the file:
"""
_EXAMPLE = """\
#:schema ./scenario.schema.json
description = "The service is out of capacity for a while."

[[rules]]
outcome = "error"
code = "ModelServingError"
times = 3
"""
_COMMANDS = """\
emoji-mock scenario schema > scenario.schema.json
emoji-mock scenario schema --config > mock.schema.json
"""
_SCHEMAS = """\
The schemas are also here: [of a scenario](schemas/scenario.json) and [of a configuration
file](schemas/configuration.json). They refuse what `emoji-mock scenario check` and `serve --config`
refuse, with three exceptions. A code must have the spelling of the catalogue. A date must be written
like 2026-10-10, and each month may have 31 days. What a rule says of one model is not checked: which
codes it answers, and which pictures it takes.
"""
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

A reload applies rules, latency, limits and the choice of a scenario. It prints `reloaded: 3 rules`.
The rules then count as unused. All other settings need a restart.

If a file has a mistake, or is missing, the server prints that once for each change. The rules
stay as they are until the file can be read. A scenario that the configuration names is watched
from then on, whether it is there or not. At the start both files must be there and valid.

A file may be written in place, replaced by another, or be behind a link whose target changes.
One that has become empty is given two seconds to be filled.
"""


def pages() -> dict[str, str]:
    """Return the page by its path."""
    fields = Fields(scenario_schema()["$defs"], _LINKS)
    shipped = [(code(name), _description(name)) for name in scenarios.shipped()]
    return {
        "scenarios.md": page(
            "Scenario files",
            _INTRODUCTION,
            fields.table("Scenario"),
            "Only the description is required.",
            "## In an editor",
            _EDITOR,
            block("toml", _EXAMPLE),
            "`emoji-mock` prints the schemas:",
            block("sh", _COMMANDS),
            _SCHEMAS,
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
