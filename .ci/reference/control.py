"""The page of the control API: each route, and the documents that it takes and sends."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any, get_args, get_origin

import msgspec
from fields import Fields
from layout import code, page, plain, table

from emoji_mock import Fake
from emoji_mock.server.control.api import control_router
from emoji_mock.server.control.route import ControlRoute, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

_INTRODUCTION = """\
Every server has it under `/_mock`. A body is JSON with `Content-Type: application/json`. Without
`namespace`, a reading route is for all namespaces. `/docs` of a running server shows the same, and
can send requests. [Start a server](../start/server.md) shows a few of them.
"""
_REFUSALS = """\
A mistake is refused with 422 and names the field: `{"errors":[{"field":"…","problem":"…"}]}`. An
unknown name in a path is 404, a body that is no JSON 415, one over 1 MiB 413. A page of another
site, or a host that a browser must not use, gets 403. If a shared store cannot be reached, a route
that reads it answers 503.
"""
_LINKS = {"Rule": "rules.md", "Latency": "rules.md#latency", "Limits": "limits.md", "Scenario": "scenarios.md"}


def pages() -> dict[str, str]:
    """Return the page by its path."""
    routes = [route for route in control_router(Fake()).routes if isinstance(route, ControlRoute)]
    _, schemas = msgspec.json.schema_components([model for route in routes for model in route.models])
    shown = sorted(name for name, schema in schemas.items() if schema.get("type") == "object" and name not in _LINKS)
    links = _LINKS | {name: f"#{name.lower()}" for name in shown}
    fields = Fields(schemas, links)
    sections = [part for name in shown for part in _document(name, schemas[name], fields)]
    return {
        "control-api.md": page(
            "Control API",
            _INTRODUCTION,
            table(("Route", "What it does", "Query", "Body", "Answer"), [_route(route, links) for route in routes]),
            "## Parameters",
            table(("Query", "Meaning"), sorted(set(_parameters(routes)))),
            "## Refusals",
            _REFUSALS,
            "## Documents",
            *sections,
        )
    }


def _route(route: ControlRoute, links: dict[str, str]) -> tuple[str, ...]:
    text = inspect.getdoc(route.endpoint) or ""
    method = next(iter(route.methods))
    query = " ".join(code(one.name) for one in route.dependant.query_params)
    sent = _named(route.result, links)
    return code(f"{method} {route.path}"), plain(text), query, _named(route.body, links), sent


def _parameters(routes: list[ControlRoute]) -> Iterator[tuple[str, str]]:
    for route in routes:
        for one in route.dependant.query_params:
            text = one.field_info.description
            if text and not (one.name == "namespace" and "left out" not in text):
                yield code(one.name), plain(text)


def _named(kind: Any, links: dict[str, str]) -> str:  # noqa: ANN401 - any type that msgspec supports
    if kind is None:
        return ""
    if get_args(kind) and hasattr(kind, "__metadata__"):
        kind = get_args(kind)[0]
    if get_origin(kind) is list:
        return f"a list of {_named(get_args(kind)[0], links)}"
    if kind is Text:
        return "text"
    name = kind.__name__
    return f"[{name}]({links[name]})" if name in links else name


def _document(name: str, schema: dict[str, Any], fields: Fields) -> Iterator[str]:
    yield f"### {name}"
    description = inspect.cleandoc(schema.get("description", "")).split(" Raises")[0]
    yield plain(re.sub(r"\s*\n\s*", " ", description))
    if schema.get("properties"):
        yield fields.table(name)
