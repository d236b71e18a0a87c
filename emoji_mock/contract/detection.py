"""Which rows of the catalogue answer a detection, as others may answer an upload or the video that follows."""

from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.row import Origin, Outcome, Row


def answers(outcome: Outcome) -> tuple[Row, ...]:
    """Return the rows that a detection may end in with `outcome`."""
    speakers = (Origin.GATEWAY, Origin.SERVICE)
    return tuple(row for row in ROWS if row.outcome is outcome and row.origin in speakers and not row.only_for)
