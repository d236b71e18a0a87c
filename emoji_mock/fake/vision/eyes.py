"""The thresholds by which pictures are judged."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """The thresholds by which pictures are judged. All are inferred: the vendor publishes none."""

    roll: float = 20.0
    """The most degrees that a head may be tilted."""
