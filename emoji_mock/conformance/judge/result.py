"""What a run says of a case: its verdict, and each difference three ways."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emoji_mock.conformance.cases.case import Case
    from emoji_mock.conformance.judge.difference import Kind, Severity
    from emoji_mock.contract.row import Outcome, Row

AGREES = "as the contract"
"""Stands where somebody differs in nothing."""


class Verdict(StrEnum):
    """What is said of a case, or of a target as a whole."""

    CONFORMS = "conforms"
    TEACHES = "the contract can be tightened"
    DRIFTED = "drifted"
    NOT_SERVED = "not served"
    UNDECIDED = "undecided"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference, three ways: what the contract wants, what the fake says, what the target says."""

    kind: Kind
    where: str
    contract: str
    fake: str
    target: str
    guess: bool = False

    @property
    def severity(self) -> Severity:
        """How much it hurts."""
        return self.kind.severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a case: its verdict and why, what was found, and which ending the answer came nearest to."""

    case: Case
    verdict: Verdict
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    ending: str = ""
    outcome: Outcome | None = None
    images: int = 0
    denial: Row | None = None
