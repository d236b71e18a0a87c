"""Validation errors of msgspec and of our own types, as a field and a problem in plain words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from msgspec import inspect

_PATH = re.compile(r" - at `\$\.?(.*)`$")
_FIELD = re.compile(r"^(Object) .* field `(.*?)`|^([a-z_]+): ")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_NOT_IN_ENUM = re.compile(r"^Invalid enum value (.*)")
_EXPECTED = re.compile(r"^Expected `(.+?)`(?: of length)?(?: ([<>]=?))?(?: ([-\d.]+))?(?:, got `?(\w+)`?)?$")
_TYPE_NAMES = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "nothing",
}
_BOUNDS = {">=": "from {} on", "<=": "up to {}", ">": "above {}", "<": "below {}"}
_LENGTHS = {">=": "of at least {}", "<=": "of at most {}", "": "of {}"}


class InvalidField(NamedTuple):
    """A field as it is written (`rules[0].code`), and the problem; `is_unknown` if the type has no such field."""

    field: str
    problem: str
    is_unknown: bool = False

    @property
    def steps(self) -> tuple[str | int, ...]:
        """The path to the field: names and places in lists."""
        return _steps(self.field)


def describe_error(message: str, kind: Any) -> InvalidField:  # noqa: ANN401 - any type that msgspec supports
    """Return the field and the problem of the `message` of a failed conversion to `kind`."""
    place, field = _PATH.search(message), _FIELD.search(message)
    problem = _PATH.sub("", message)
    if field and field[3]:
        problem = problem.removeprefix(field[0])
    parts = [place[1] if place else "", (field[2] or field[3]) if field else ""]
    if parts[0].rpartition(".")[2] == parts[1]:  # our types name their field, too
        parts.pop()
    where = ".".join(part for part in parts if part)
    if field and field[1] and "unknown" in problem:
        known = _fields(_types_at(kind, _steps(parts[0])))
        return InvalidField(where, f"unknown field; {_nearest(field[2], known)}", is_unknown=True)
    invalid = InvalidField(where, problem)
    return invalid._replace(problem=_in_plain_words(invalid, kind))


def _steps(field: str) -> tuple[str | int, ...]:
    return tuple([name or int(place) for name, place in _STEP.findall(field)])


def expected_value(message: str) -> str:
    """Return what msgspec expects, such as `a whole number from 1 on`; "" if the message is of another kind."""
    found = _EXPECTED.match(message)
    if found is None:
        return ""
    names, bound, number, _ = found.groups("")
    words = " or ".join(_TYPE_NAMES.get(name, name) for name in names.split(" | ") if name != "null")
    if number:
        words += f" {(_LENGTHS if ' of length' in message else _BOUNDS)[bound].format(number.removesuffix('.0'))}"
    return words


def _in_plain_words(invalid: InvalidField, kind: Any) -> str:  # noqa: ANN401
    if unknown := _NOT_IN_ENUM.match(invalid.problem):
        return f"unknown value {unknown[1]}; choose from {', '.join(map(str, _values(_types_at(kind, invalid.steps))))}"
    if words := expected_value(invalid.problem):
        got = (_EXPECTED.match(invalid.problem) or [""] * 5)[4]
        return f"must be {words}{f', not {_TYPE_NAMES.get(got, got)}' if got else ''}"
    return invalid.problem


def _nearest(name: str, names: list[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - needed for an error only

    near = get_close_matches(name, names, n=1)
    return f"the nearest: {near[0]}" if near else f"choose from {', '.join(names)}"


def _types_at(kind: Any, steps: Iterable[str | int]) -> list[inspect.Type]:  # noqa: ANN401
    """Return the types that a value at the end of the path `steps` into a `kind` may have."""
    from msgspec import inspect  # noqa: PLC0415 - as above

    types = _alternatives(inspect.type_info(kind))
    for step in steps:
        inner: list[inspect.Type] = []
        for one in types:
            if isinstance(one, inspect.StructType):
                inner += [field.type for field in one.fields if field.encode_name == step]
            elif isinstance(one, inspect.CollectionType):
                inner.append(one.item_type)
        types = [each for one in inner for each in _alternatives(one)]
    return types


def _alternatives(kind: inspect.Type) -> list[inspect.Type]:
    from msgspec import inspect  # noqa: PLC0415 - as above

    if isinstance(kind, inspect.Metadata):  # a description
        return _alternatives(kind.type)
    return list(getattr(kind, "types", (kind,)))


def _fields(kinds: list[inspect.Type]) -> list[str]:
    return [field.encode_name for kind in kinds for field in getattr(kind, "fields", ())]


def _values(kinds: list[inspect.Type]) -> list[object]:
    """Return the values of enumerations and of literals."""
    return [
        value
        for kind in kinds
        for value in getattr(kind, "values", None) or [member.value for member in getattr(kind, "cls", ())]
    ]
