"""The page of rules: each field, what goes with what, and what a rule for one endpoint may set."""

from __future__ import annotations

from fields import Fields
from layout import bullets, code, page, table

from emoji_mock.config.schemas import scenario_schema
from emoji_mock.contract.routes import ROUTES
from emoji_mock.fake.rules.scope import DETECTING

_INTRODUCTION = """\
A rule says which calls get which answer, fault or latency. It has the same fields in a scenario,
in a configuration file, in the control API and in Python (`emoji_mock.Rule`). The first rule that
matches a call and is not used up decides it.
"""
_CHECKS = (
    "A rule has an `outcome`, a `fault`, or at least a `latency`. It has no outcome beside a fault.",
    "An outcome of `failed` or `error` needs a `code`. Any other rule has none.",
    "`retry_after` goes with `error`, `seconds` with a fault that lasts, `face` and `image_size` with `passed`.",
    "A code is one of the [catalogue](catalogue/index.md): in full, its end, or the name of a row.",
    "An outcome applies to each model that can answer its code, in the words of that model.",
    "A rule for an error applies to calls that would succeed. A call that is refused anyway uses up no rule.",
)
_ENDPOINTS = {
    "face_detect": "a detection",
    "aa_detect": "a detection of animate-anyone",
    "video_synthesis": "the request for a video. `failed` is accepted, and its task fails",
    "aa_template": "the request for a template of animate-anyone. `failed` is accepted, and its task fails",
    "uploads": "getPolicy",
    "storage": "the form that uploads a file; its errors are those of the storage",
    "task": "the state of one task",
    "tasks": "the list of tasks",
    "cancel_task": "the cancelling of a task",
    "video": "the file behind `video_url`; its errors are those of the storage",
}


def pages() -> dict[str, str]:
    """Return the page by its path."""
    types = scenario_schema()["$defs"]
    fields = Fields(types, {"Latency": "#latency"})
    return {
        "rules.md": page(
            "Rules",
            _INTRODUCTION,
            fields.table("Rule"),
            "## What goes with what",
            bullets(_CHECKS),
            "[In an editor](scenarios.md#in-an-editor), a JSON Schema checks this while you type.",
            "## Latency",
            "A latency is a number of seconds, or a distribution: an object with one of these fields.",
            fields.table("Latency"),
            "As text it is `0.2`, `uniform:0.1,0.4` or `lognormal:0.2,0.5`, as `--latency` takes it.",
            "## Endpoints",
            "Without an `endpoint`, an outcome is for the endpoints that inspect something. A fault or a latency is for"
            " every call.",
            table(
                ("`endpoint`", "Path", "What it is", "Outcomes", "Compares"),
                [_endpoint(name) for name in ROUTES],
            ),
            "`malformed_json` needs an answer in JSON: `storage` and `video` have none.",
        )
    }


def _endpoint(name: str) -> tuple[str, ...]:
    route = ROUTES[name]
    path = f"`https://{route.host}{route.path}`" if route.host else code(f"{route.methods[0]} {route.full_path}")
    outcomes = "`passed` `failed` `error`" if name in DETECTING else "`error`"
    criteria = " ".join(code(one) for one in ("image_url", "model", "key") if one in route.criteria)
    return code(name), path, _ENDPOINTS[name], outcomes, criteria
