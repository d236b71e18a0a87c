"""How an exchange ended, as far as it matters to whoever thinks of repeating it."""

from emoji_mock.contract.row import Outcome
from emoji_mock.contract.rows import gateway, service
from emoji_mock.fake.accounting.journal import Entry
from emoji_mock.verdict.thresholds import PROMPT

# The vendor could not fetch the picture: another time it may.
_FETCHING = frozenset(
    row.name
    for row in (
        service.BAD_URL,
        service.CANNOT_DOWNLOAD,
        service.DOWNLOAD_TIMED_OUT,
        service.URL_REFUSED,
        service.URL_TIMEOUT,
    )
)


def transient(entry: Entry) -> bool:
    """Say whether it ended in what may be another time otherwise: 429, 5xx, a fault."""
    if entry.outcome is Outcome.ERROR:
        return entry.status >= 500 or entry.status == gateway.THROTTLED.status  # noqa: PLR2004
    return entry.outcome is Outcome.FAULT


def hopeless(entry: Entry) -> bool:
    """Say whether the same request cannot succeed after this answer."""
    refused = entry.outcome is Outcome.ERROR and not entry.fault and 400 <= entry.status < 500  # noqa: PLR2004
    return refused and not transient(entry) and entry.row not in _FETCHING


def delivered(entry: Entry) -> bool:
    """Say whether the caller surely has its answer, at once or because it waited for it."""
    return not entry.fault and (entry.delay <= PROMPT or entry.waited_out)
