"""How an answer can differ from the contract: in kind, in place and in severity."""

import json
from dataclasses import dataclass
from enum import StrEnum

SHOWN_LENGTH = 200
"""How many characters of a found value a difference shows."""


def shown(value: object) -> str:
    """Return the first characters of a value as JSON."""
    return json.dumps(value, ensure_ascii=False)[:SHOWN_LENGTH]


class DifferenceSeverity(StrEnum):
    """How much a difference affects callers: it breaks programs, needs their attention, or does not matter to them."""

    BREAKING = "breaking"
    NOTABLE = "notable"
    COSMETIC = "cosmetic"

    @property
    def weight(self) -> int:
        """The severity as a number, for comparing sums."""
        return {"breaking": 100, "notable": 10, "cosmetic": 1}[self]


class DifferenceKind(StrEnum):
    """What differs in an answer."""

    NO_ANSWER = "no answer"
    STATUS = "status"
    CODE = "code"
    MESSAGE = "message"
    BODY = "body"
    MISSING_FIELD = "missing field"
    NEW_FIELD = "new field"
    TYPE = "type"
    VALUE = "value"
    TIME = "time"
    BILLING = "billing"
    BOXES = "boxes"
    GEOMETRY = "geometry"
    KEY_ORDER = "key order"
    REQUEST_ID = "request id"
    MEDIA_TYPE = "media type"
    HEADER = "header"
    FORM = "form"

    @property
    def severity(self) -> DifferenceSeverity:
        """How much a difference of this kind affects callers."""
        return _SEVERITY.get(self, DifferenceSeverity.BREAKING)


_SEVERITY = {
    DifferenceKind.MESSAGE: DifferenceSeverity.NOTABLE,  # the vendor has changed some: clients must not compare them
    DifferenceKind.NEW_FIELD: DifferenceSeverity.NOTABLE,
    DifferenceKind.GEOMETRY: DifferenceSeverity.NOTABLE,
    DifferenceKind.HEADER: DifferenceSeverity.NOTABLE,
    DifferenceKind.REQUEST_ID: DifferenceSeverity.NOTABLE,
    DifferenceKind.KEY_ORDER: DifferenceSeverity.COSMETIC,
    DifferenceKind.FORM: DifferenceSeverity.COSMETIC,
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: its kind and place, what the contract promises there, and what was found.

    With `guess` the promise is only inferred: the difference then corrects the contract and is not drift.
    """

    kind: DifferenceKind
    where: str
    contract: str
    found: str
    guess: bool = False

    @property
    def severity(self) -> DifferenceSeverity:
        """How much the difference affects callers."""
        return self.kind.severity
