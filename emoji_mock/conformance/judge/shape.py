"""Documents that are no answers to a detection: their keys in order, and what stands under each."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from emoji_mock.conformance.judge.difference import Difference, Kind
from emoji_mock.contract.row import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Want: TypeAlias = "str | int | type | re.Pattern[str] | dict[str, Want] | list[Want]"
"""What stands in a place: this value (words filled in), a value of this type or form, an object, a list of such."""
_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shape:
    """A document by its keys in order; no `keys` is an empty body, or one that `holds` what is no JSON.

    `guesses` are the places of which no more than a guess is known, `optional` those that need not be there.
    """

    name: str
    keys: Mapping[str, Want]
    status: int = 200
    guesses: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    outcome: Outcome = Outcome.DONE
    holds: re.Pattern[bytes] | None = None

    def differences(self, document: dict[str, Any], words: Mapping[str, Any], *, guess: bool) -> Iterator[Difference]:
        """Yield in what `document` differs; `words` are filled in, and with `guess` nothing of it is certain."""
        for one in self._of_object(document, self.keys, "", words):
            yield Difference(one.kind, one.where, one.contract, one.found, guess or one.where in self.guesses)

    def _of_object(
        self, found: dict[str, Any], wanted: Mapping[str, Want], place: str, words: Mapping[str, Any]
    ) -> Iterator[Difference]:
        for name, want in wanted.items():
            if name in found:
                yield from self._of_value(found[name], want, place + name, words)
            elif place + name not in self.optional:
                yield Difference(Kind.MISSING_FIELD, place + name, "present", "missing")
        for name, value in found.items():
            if name not in wanted:
                yield Difference(Kind.NEW_FIELD, f"{place}{name}"[:_SHOWN], "absent", _shown(value))
        told, order = [name for name in found if name in wanted], [name for name in wanted if name in found]
        if told != order:
            yield Difference(Kind.KEY_ORDER, place.rstrip(".") or "body", ", ".join(order), ", ".join(told))

    def _of_value(self, found: object, want: Want, place: str, words: Mapping[str, Any]) -> Iterator[Difference]:
        if isinstance(want, dict) and isinstance(found, dict):
            yield from self._of_object(cast("dict[str, Any]", found), want, f"{place}.", words)
        elif isinstance(want, list) and isinstance(found, list):
            for one in cast("list[object]", found):
                yield from self._of_value(one, want[0], place, words)
        elif isinstance(want, str | int):
            value = words.get(want, want) if isinstance(want, str) else want
            if type(found) is not type(value) or found != value:
                yield Difference(Kind.VALUE, place, _shown(value), _shown(found))
        elif not _is_of(want, found):
            yield Difference(Kind.TYPE, place, _described(want), _shown(found))


def _is_of(want: Want, found: object) -> bool:
    if isinstance(want, re.Pattern):
        return isinstance(found, str) and want.fullmatch(found) is not None
    return type(found) is want


def _described(want: Want) -> str:
    if isinstance(want, re.Pattern):
        return f"text like {want.pattern}"
    if isinstance(want, type):
        return f"a value of type {want.__name__}"
    return "an object" if isinstance(want, dict) else "a list"


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)[:_SHOWN]
