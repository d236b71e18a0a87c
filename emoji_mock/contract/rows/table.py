"""Functions that make the rows of the table."""

from dataclasses import replace
from typing import TypedDict, Unpack

from emoji_mock.contract.codes import Code
from emoji_mock.contract.provenance import COLLECTED, SIBLINGS_COLLECTED, Known, Provenance
from emoji_mock.contract.row import Origin, Outcome, Row

_LETTERS = {"D": Known.DOCUMENTED, "O": Known.OBSERVED, "S": Known.SDK, "I": Known.INFERRED}


class _Rest(TypedDict, total=False):
    anchor: str
    example: tuple[tuple[str, str], ...]
    models: frozenset[str]


def known(letters: str, sources: str, note: str = "", *, date: str = COLLECTED) -> Provenance:
    """Return how a row is known, by the marks' letters and the sources' short names."""
    return Provenance(tuple(_LETTERS[letter] for letter in letters), tuple(sources.split()), date, note)


def of_siblings(letters: str, sources: str, note: str = "") -> Provenance:
    """Return how a fact about another model than emoji-detect-v1 and emoji-v1 is known."""
    return known(letters, sources, note, date=SIBLINGS_COLLECTED)


ERRORS = known("D", "errors")
BOTH = known("DO", "errors recordings")
OBSERVED = known("O", "recordings")
SIBLING = known("D", "errors emo", "documented for emo-detect-v1, the sibling on the same path")


def failed(code: Code, message: str, when: str, provenance: Provenance = SIBLING, **rest: Unpack[_Rest]) -> Row:
    """Return the row of a failed detection that is named by its code."""
    return failed_as(code, code, 200, message, when, provenance, **rest)


def failed_as(
    name: str, code: Code | None, status: int, message: str, when: str, provenance: Provenance, **rest: Unpack[_Rest]
) -> Row:
    """Return the row of a detection that fails in a model's own way: without a code, or with another status."""
    return replace(service(name, code, status, message, when, provenance, **rest), outcome=Outcome.FAILED)


def gateway(
    name: str, code: Code | None, status: int, message: str, when: str, provenance: Provenance, **rest: Unpack[_Rest]
) -> Row:
    """Return the row of an error that the gateway makes."""
    return Row(name=name, code=code, status=status, message=message, when=when, provenance=provenance, **rest)


def service(
    name: str, code: Code | None, status: int, message: str, when: str, provenance: Provenance, **rest: Unpack[_Rest]
) -> Row:
    """Return the row of an error that the service behind the gateway makes."""
    return replace(gateway(name, code, status, message, when, provenance, **rest), origin=Origin.SERVICE)


def storage(
    name: str, code: Code, status: int, message: str, when: str, provenance: Provenance, **rest: Unpack[_Rest]
) -> Row:
    """Return the row of an error that the object storage makes."""
    return replace(gateway(name, code, status, message, when, provenance, **rest), origin=Origin.STORAGE)
