"""What msgspec, or one of our own types, says of a bad value: the field and the problem, in plain words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from msgspec import inspect

_PLACE = re.compile(r" - at `\$\.?(.*)`$")
_FIELD = re.compile(r"^(Object) .* field `(.*?)`|^([a-z_]+): ")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_NONE = re.compile(r"^Invalid enum value (.*)")
_EXPECTED = re.compile(r"^Expected `(.+?)`(?: of length)?(?: ([<>]=?))?(?: ([-\d.]+))?(?:, got `?(\w+)`?)?$")
_KINDS = {
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


class Mistake(NamedTuple):
    """The field as it is written (`rules[0].code`), and what is wrong with it; `unknown` if there is no such field."""

    field: str
    problem: str
    unknown: bool = False

    @property
    def steps(self) -> tuple[str | int, ...]:
        """The way to the field."""
        return _steps(self.field)


def mistake(told: str, kind: Any) -> Mistake:  # noqa: ANN401 - any type that msgspec knows
    """Return what `told` says of a value that was to be a `kind`; msgspec and our types name the field inside."""
    place, field = _PLACE.search(told), _FIELD.search(told)
    problem = _PLACE.sub("", told)
    if field and field[3]:
        problem = problem.removeprefix(field[0])
    parts = [place[1] if place else "", (field[2] or field[3]) if field else ""]
    if parts[0].rpartition(".")[2] == parts[1]:  # our types name themselves
        parts.pop()
    where = ".".join(part for part in parts if part)
    if field and field[1] and "unknown" in problem:
        known = _fields(_reached(kind, _steps(parts[0])))
        return Mistake(where, f"there is no such field; {_nearest(field[2], known)}", unknown=True)
    wrong = Mistake(where, problem)
    return wrong._replace(problem=_helpful(wrong, kind))


def _steps(field: str) -> tuple[str | int, ...]:
    return tuple([name or int(place) for name, place in _STEP.findall(field)])


def in_words(told: str) -> str:
    """Return what msgspec expects, as `a whole number from 1 on`; of anything else that it says, nothing."""
    found = _EXPECTED.match(told)
    if found is None:
        return ""
    names, bound, number, _ = found.groups("")
    words = " or ".join(_KINDS.get(name, name) for name in names.split(" | ") if name != "null")
    if number:
        words += f" {(_LENGTHS if ' of length' in told else _BOUNDS)[bound].format(number.removesuffix('.0'))}"
    return words


def _helpful(wrong: Mistake, kind: Any) -> str:  # noqa: ANN401
    if none := _NONE.match(wrong.problem):
        return f"no {none[1]}; there are {', '.join(map(str, _values(_reached(kind, wrong.steps))))}"
    if words := in_words(wrong.problem):
        got = (_EXPECTED.match(wrong.problem) or [""] * 5)[4]
        return f"must be {words}{f', not {_KINDS.get(got, got)}' if got else ''}"
    return wrong.problem


def _nearest(name: str, names: list[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistake pays for it

    near = get_close_matches(name, names, n=1)
    return f"the nearest: {near[0]}" if near else f"there are {', '.join(names)}"


def _reached(kind: Any, steps: Iterable[str | int]) -> list[inspect.Type]:  # noqa: ANN401
    """Return what may stand at the end of `steps` into a `kind`."""
    from msgspec import inspect  # noqa: PLC0415 - likewise

    reached = _alternatives(inspect.type_info(kind))
    for step in steps:
        inner: list[inspect.Type] = []
        for one in reached:
            if isinstance(one, inspect.StructType):
                inner += [field.type for field in one.fields if field.encode_name == step]
            elif isinstance(one, inspect.CollectionType):
                inner.append(one.item_type)
        reached = [each for one in inner for each in _alternatives(one)]
    return reached


def _alternatives(kind: inspect.Type) -> list[inspect.Type]:
    return list(getattr(kind, "types", (kind,)))


def _fields(kinds: list[inspect.Type]) -> list[str]:
    return [field.encode_name for kind in kinds for field in getattr(kind, "fields", ())]


def _values(kinds: list[inspect.Type]) -> list[object]:
    """Return the members of enumerations, and the values of literals."""
    return [
        value
        for kind in kinds
        for value in getattr(kind, "values", None) or [member.value for member in getattr(kind, "cls", ())]
    ]
