"""JSON Schemas of scenario and configuration files, by which editors complete and check them.

They derive from the types that the files are read into, and from the tables by which a rule is checked. Codes, faults
and endpoints must have the spelling of the catalogue there; the reader also takes other cases of letters.
"""

from __future__ import annotations

import inspect
from typing import Any

import msgspec

from emoji_mock.config.fake_value_types import TomlTime
from emoji_mock.config.file import file_type
from emoji_mock.config.setting import Place
from emoji_mock.config.settings import settings_in
from emoji_mock.contract.catalogue import UnknownCodeError
from emoji_mock.contract.codes import Code
from emoji_mock.contract.endpoint import TASK_MODELS, EndpointName
from emoji_mock.contract.routes import ROUTES
from emoji_mock.contract.row import Outcome
from emoji_mock.contract.rows import ROWS
from emoji_mock.fake.network.faults import FaultKind, Sends
from emoji_mock.fake.rules import scope
from emoji_mock.fake.rules.scenario import Scenario

JsonSchema = dict[str, Any]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DATE = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?!\d)"
_DECIDED = [Outcome.PASSED, Outcome.FAILED, Outcome.ERROR]


def scenario_schema() -> JsonSchema:
    """Return the schema of a scenario's file."""
    schema = _schema_of(Scenario, "A scenario of emoji-mock")
    schema["$defs"]["Scenario"]["required"] = ["description"]
    schema["$defs"]["Scenario"]["properties"]["description"]["minLength"] = 1
    return schema


def config_schema() -> JsonSchema:
    """Return the schema of the configuration file of `serve`."""
    schema = _schema_of(file_type(), "The configuration of `emoji-mock serve`")
    properties = schema["$defs"]["Config"]["properties"]
    for setting in settings_in(Place.FILE):
        described = properties[setting.name] = {"description": setting.help, **properties[setting.name]}
        if setting.default:  # in place of none and of zero, a verb may have a default of its own
            described["default"] = setting.default
    return schema


def _schema_of(kind: Any, title: str) -> JsonSchema:  # noqa: ANN401 - any type that msgspec supports
    schema: JsonSchema = msgspec.json.schema(kind, schema_hook=_own_type)
    schema = _without_null({"$schema": _DIALECT, "title": title, **schema})
    for name, definition in schema["$defs"].items():
        if "description" in definition:
            definition["description"] = inspect.cleandoc(definition["description"]).partition(" Raises")[0]
        if name == "Rule":
            _add_rule_checks(definition)
        if name == "Latency":
            definition.update(minProperties=1, maxProperties=1)
    return schema


def _own_type(kind: Any) -> JsonSchema:  # noqa: ANN401 - a class of ours
    if kind is TomlTime:
        return {"type": "string", "pattern": _DATE}  # a date of TOML is text where it is compared with a schema
    raise NotImplementedError(kind)


def _without_null(node: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a schema without what TOML does not have: null."""
    if isinstance(node, list):
        return [_without_null(one) for one in node if one != {"type": "null"}]  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(node, dict):
        return node
    given: JsonSchema = {name: _without_null(value) for name, value in node.items()}  # pyright: ignore[reportUnknownVariableType]
    if given.get("default", ...) is None:
        del given["default"]
    choices: list[JsonSchema] = given.get("anyOf", [])
    if len(choices) == 1:
        del given["anyOf"]
        given = {**choices[0], **given}
    return given


def _add_rule_checks(definition: JsonSchema) -> None:
    """Add what the fields of a rule say of each other, as `Rule` checks it."""
    properties = definition["properties"]
    properties["outcome"].pop("$ref", None)
    properties["outcome"]["enum"] = _DECIDED
    definition["anyOf"] = [{"required": [name]} for name in ("outcome", "fault", "latency")]
    definition["allOf"] = [
        {"not": {"required": ["outcome", "fault"]}},
        _if("outcome", [Outcome.PASSED], {"not": {"required": ["code"]}}),
        _if("outcome", [Outcome.FAILED, Outcome.ERROR], {"required": ["code"]}),
        {"if": {"required": ["code"]}, "then": {"required": ["outcome"]}},
        *_code_checks(),
        _only_with("retry_after", "outcome", [Outcome.ERROR]),
        _only_with("seconds", "fault", [kind for kind in FaultKind if kind.lasts]),
        *(_only_with(name, "outcome", [Outcome.PASSED]) for name in ("face", "image_size")),
        *(check for name in EndpointName for check in _endpoint_checks(name)),
    ]


def _code_checks() -> list[JsonSchema]:
    """Return which codes a rule may have, by its outcome, endpoint and model."""
    creating = [name for name in EndpointName if name in scope.TASK_ENDPOINTS]
    of_tasks = {"anyOf": [_has("endpoint", creating), _has("model", sorted(TASK_MODELS))]}
    failed = {"if": of_tasks, "then": _codes(Outcome.FAILED, creating[0]), "else": _codes(Outcome.FAILED)}
    at_storage = [EndpointName.STORAGE, EndpointName.VIDEO]
    errors = [_if("endpoint", [name], _codes(Outcome.ERROR, name)) for name in at_storage]
    errors.append({"if": _has("endpoint", at_storage), "else": _codes(Outcome.ERROR)})
    return [_if("outcome", [Outcome.FAILED], failed), _if("outcome", [Outcome.ERROR], {"allOf": errors})]


def _codes(outcome: Outcome, endpoint: EndpointName | None = None) -> JsonSchema:
    """Return that the code is one that such a rule can have: a code, its end, or the name of a row."""
    spellings = {row.name for row in ROWS}
    for code in Code:
        spellings |= {".".join(code.split(".")[at:]) for at in range(code.count(".") + 1)}
    return {"properties": {"code": {"enum": sorted(one for one in spellings if _is_known(one, outcome, endpoint))}}}


def _is_known(code: str, outcome: Outcome, endpoint: EndpointName | None) -> bool:
    try:
        scope.row_for(code, outcome, endpoint)
    except UnknownCodeError:
        return False
    return True


def _endpoint_checks(name: EndpointName) -> list[JsonSchema]:
    """Return what a rule for one endpoint cannot have."""
    route = ROUTES[name]
    without = [one for one in ("image_url", "model", "key") if one not in route.criteria]
    checks = [_if("endpoint", [name], {"not": {"required": [one]}}) for one in without]
    if name not in scope.DETECTING:
        checks.append(_if("endpoint", [name], {"properties": {"outcome": {"const": Outcome.ERROR}}}))
    if not route.json:
        cut = [kind for kind in FaultKind if kind.row.sends is Sends.CUT_JSON]
        checks.append(_if("endpoint", [name], {"properties": {"fault": {"not": {"enum": cut}}}}))
    return checks


def _if(name: str, values: list[Any], then: JsonSchema) -> JsonSchema:
    return {"if": _has(name, values), "then": then}


def _has(name: str, values: list[Any]) -> JsonSchema:
    """Return that a field is there, with one of `values`."""
    return {"properties": {name: {"enum": values}}, "required": [name]}


def _only_with(name: str, other: str, values: list[Any]) -> JsonSchema:
    return {"if": {"required": [name]}, "then": _has(other, values)}
