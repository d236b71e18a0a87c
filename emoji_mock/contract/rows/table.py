"""Functions that make the rows of the table."""

from dataclasses import replace
from typing import TypedDict, Unpack

from emoji_mock.contract.codes import Code
from emoji_mock.contract.provenance import Known, Provenance
from emoji_mock.contract.row import Origin, Outcome, Row

_LETTERS = {"D": Known.DOCUMENTED, "O": Known.OBSERVED, "S": Known.SDK, "I": Known.INFERRED}


class _Rest(TypedDict, total=False):
    anchor: str
    example: tuple[tuple[str, str], ...]
    only_for: str


def known(letters: str, sources: str, note: str = "") -> Provenance:
    """Return how a row is known, by the marks' letters and the sources' short names."""
    return Provenance(tuple(_LETTERS[letter] for letter in letters), tuple(sources.split()), note=note)


ERRORS = known("D", "errors")
BOTH = known("DO", "errors recordings")
OBSERVED = known("O", "recordings")
SIBLING = known("D", "errors emo", "documented for emo-detect-v1, the sibling on the same path")


def failed(code: Code, message: str, when: str, provenance: Provenance = SIBLING) -> Row:
    """Return the row of a failed detection."""
    return Row(
        name=code,
        code=code,
        status=200,
        message=message,
        when=when,
        provenance=provenance,
        outcome=Outcome.FAILED,
        origin=Origin.SERVICE,
    )


def gateway(
    name: str, code: Code | None, status: int, message: str, when: str, provenance: Provenance, **rest: Unpack[_Rest]
) -> Row:
    """Return the row of an error that the gateway makes."""
    return Row(name=name, code=code, status=status, message=message, when=when, provenance=provenance, **rest)


def service(
    name: str, code: Code, status: int, message: str, when: str, provenance: Provenance, **rest: Unpack[_Rest]
) -> Row:
    """Return the row of an error that the service behind the gateway makes."""
    return replace(gateway(name, code, status, message, when, provenance, **rest), origin=Origin.SERVICE)


def storage(
    name: str, code: Code, status: int, message: str, when: str, provenance: Provenance, **rest: Unpack[_Rest]
) -> Row:
    """Return the row of an error that the object storage makes."""
    return replace(gateway(name, code, status, message, when, provenance, **rest), origin=Origin.STORAGE)
