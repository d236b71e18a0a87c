"""What can be set about a fake, with the vendor's own contradictions as switches."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a fake behaves; the defaults are what the vendor documents."""

    seed: int | None = None
    """Repeats request ids and boxes; without it boxes still depend on the picture alone, request ids are random."""
    failed_as: Literal[200, 400] = 200
    """The HTTP status of a failed detection: 200 as documented and billed, or 400 as one project measured it."""
    details: bool = False
    """End gateway messages with the `For details, see:` suffix that has been seen since late 2025."""
    retired: bool = False
    """Answer as if the model were offline: 403 AccessDenied."""
    journal_size: int = 10_000
    """How many exchanges the journal keeps; the oldest is dropped."""

    def __post_init__(self) -> None:
        if self.failed_as not in (200, 400):
            raise ValueError(f"failed_as: {self.failed_as!r} is neither 200 nor 400")
        if self.seed is not None and not -(2**63) <= self.seed < 2**63:
            raise ValueError(f"seed: {self.seed!r} does not fit 64 bits")
        if not 1 <= self.journal_size <= 10_000_000:  # noqa: PLR2004 - some 10 GB
            raise ValueError(f"journal_size: {self.journal_size!r} is not from 1 to 10000000")
