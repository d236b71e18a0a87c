"""Which rows of the catalogue answer a detection, as others may answer an upload or the video that follows."""

from emoji_mock.contract.catalogue import ROWS, find_among
from emoji_mock.contract.row import Origin, Outcome, Row


def answers(outcome: Outcome) -> tuple[Row, ...]:
    """Return the rows that a detection may end in with `outcome`."""
    speakers = (Origin.GATEWAY, Origin.SERVICE)
    return tuple(row for row in ROWS if row.outcome is outcome and row.origin in speakers and not row.only_for)


FATES = tuple(
    row for row in ROWS if row.outcome is Outcome.FAILED or (row.origin is Origin.SERVICE and not row.only_for)
)
"""The rows that a task may end in: a failed detection, or (inferred) any error of the service."""


def fate(text: str) -> Row:
    """Return the row that `text` names of those that a task may end in. Raises UnknownCodeError."""
    return find_among(text, FATES, "a task that fails")
