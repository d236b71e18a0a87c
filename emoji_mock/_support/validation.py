"""The words of validation errors: of msgspec's as a field and a problem, and of names that are unknown."""

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
_FEW = 12
"""How many choices are listed beside the nearest one."""
_SHOWN = 200


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
        return InvalidField(where, unknown("field", field[2], known), is_unknown=True)
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
    if wrong := _NOT_IN_ENUM.match(invalid.problem):
        return unknown("value", _literal(wrong[1]), map(str, _values(_types_at(kind, invalid.steps))))
    if words := expected_value(invalid.problem):
        got = (_EXPECTED.match(invalid.problem) or [""] * 5)[4]
        return f"must be {words}{f', not {_TYPE_NAMES.get(got, got)}' if got else ''}"
    return invalid.problem


def _literal(text: str) -> object:
    """Return what msgspec quotes: text between quotes, in which nothing is escaped, or a number."""
    return text[1:-1] if text.startswith("'") else int(text)


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


def unknown(what: str, given: object, known: Iterable[str]) -> str:
    """Return, such as `unknown fault 'rest'; did you mean reset? Choose from refused, reset`."""
    names = [str(name) for name in known]
    near = nearest(given, names) if isinstance(given, str) else []
    text = f"unknown {what} {_shortened(given)!r}"
    if not near:
        return f"{text}; choose from {', '.join(names)}"
    choices = f" Choose from {', '.join(names)}" if len(names) <= _FEW else ""
    return f"{text}; {did_you_mean(near)}{choices}"


def nearest(given: str, names: Iterable[str], count: int = 1, alike: float = 0.6) -> list[str]:
    """Return at most `count` of `names` that are like `given`, the nearest first; capitals do not matter."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistake pays for it

    spelt: dict[str, str] = {}
    for name in names:
        spelt.setdefault(name.casefold(), name)
    return [spelt[match] for match in get_close_matches(given[:_SHOWN].casefold(), spelt, count, alike)]


def did_you_mean(near: list[str]) -> str:
    """Return the question, such as `did you mean a, b or c?`."""
    *others, last = near
    return f"did you mean {', '.join(others)}{' or ' * bool(others)}{last}?"


def _shortened(given: object) -> object:
    return f"{given[:_SHOWN]}…" if isinstance(given, str) and len(given) > _SHOWN else given
