"""How an answer can differ from the contract: by kind, by place, and by how much it hurts."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a difference hurts whoever calls: programs break, must take note, or see it only when they look."""

    BREAKING = "breaking"
    NOTABLE = "notable"
    COSMETIC = "cosmetic"

    @property
    def weight(self) -> int:
        """How heavy it weighs against others."""
        return {"breaking": 100, "notable": 10, "cosmetic": 1}[self]


class Kind(StrEnum):
    """In what an answer differs."""

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
    def severity(self) -> Severity:
        """How much such a difference hurts."""
        return _SEVERITY.get(self, Severity.BREAKING)


_SEVERITY = {
    Kind.MESSAGE: Severity.NOTABLE,  # the vendor itself has changed some: clients must not compare them
    Kind.NEW_FIELD: Severity.NOTABLE,
    Kind.GEOMETRY: Severity.NOTABLE,
    Kind.HEADER: Severity.NOTABLE,
    Kind.REQUEST_ID: Severity.NOTABLE,
    Kind.KEY_ORDER: Severity.COSMETIC,
    Kind.FORM: Severity.COSMETIC,
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: what it is about, what the contract wants there, what was found.

    A `guess` is a promise that is only inferred: a difference from it teaches something, and is no drift.
    """

    kind: Kind
    where: str
    contract: str
    found: str
    guess: bool = False

    @property
    def severity(self) -> Severity:
        """How much it hurts."""
        return self.kind.severity
