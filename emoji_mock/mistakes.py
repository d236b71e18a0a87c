"""What msgspec, or one of our own types, says of a bad value: taken apart into the field and the problem."""

import re
from typing import NamedTuple

_PLACE = re.compile(r" - at `\$\.?(.*)`$")
_FIELD = re.compile(r"^(Object) .* field `(.*?)`|^([a-z_]+): ")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


class Mistake(NamedTuple):
    """The field as it is written (`rules[0].code`), and what is wrong with it; `unknown` if there is no such field."""

    field: str
    problem: str
    unknown: bool = False

    @property
    def steps(self) -> tuple[str | int, ...]:
        """The way to the field."""
        return tuple([name or int(place) for name, place in _STEP.findall(self.field)])


def mistake(told: str) -> Mistake:
    """Return what `told` says; both msgspec and our types name the field inside their sentence."""
    place, field = _PLACE.search(told), _FIELD.search(told)
    problem = _PLACE.sub("", told)
    if field and field[3]:
        problem = problem.removeprefix(field[0])
    parts = [place[1] if place else "", (field[2] or field[3]) if field else ""]
    if parts[0].rpartition(".")[2] == parts[1]:  # our types name themselves
        parts.pop()
    return Mistake(".".join(part for part in parts if part), problem, bool(field and field[1] and "unknown" in problem))
