"""The result of one case: an assessment, and each difference between contract, fake and target."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emoji_mock.conformance.cases.case import Case
    from emoji_mock.conformance.judge.difference import DifferenceKind, DifferenceSeverity
    from emoji_mock.contract.row import Row

AGREES = "as the contract"
"""The value of a comparison whose owner does not differ from the contract."""


class Assessment(StrEnum):
    """The assessment of a case, or of a target as a whole."""

    CONFORMS = "conforms"
    CAN_TIGHTEN = "the contract can be tightened"
    DRIFTED = "drifted"
    NOT_SERVED = "not served"
    UNDECIDED = "undecided"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A place where the fake or the target differs from the contract: what each of the three has there."""

    kind: DifferenceKind
    where: str
    contract: str
    fake: str
    target: str
    guess: bool = False

    @property
    def severity(self) -> DifferenceSeverity:
        """How much the difference affects callers."""
        return self.kind.severity


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """The result of a case: its assessment, the reason for that, and what differs.

    `denial` is the row that says that the model or the account is not served, if that was the answer.
    """

    case: Case
    assessment: Assessment
    reason: str = ""
    comparisons: tuple[Comparison, ...] = ()
    denial: Row | None = None
