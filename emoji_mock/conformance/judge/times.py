"""Whether the times of a task are China's: by the `date` of the answer, and by how long ago the task was made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, cast

from emoji_mock.conformance.judge.difference import Difference, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHINA = timezone(timedelta(hours=8))
_CLOSE = timedelta(minutes=10)
"""How far off a time may be: an answer takes time, and so do the calls before it."""


def judge_times(document: dict[str, Any], date: str, waited: float) -> Iterator[Difference]:
    """Yield what is wrong with the time at which a task was submitted, `waited` seconds before the `date`."""
    output = document.get("output")
    told = cast("dict[str, Any]", output).get("submit_time") if isinstance(output, dict) else None
    try:
        submitted = datetime.strptime(str(told), "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=_CHINA)
        expected = parsedate_to_datetime(date).astimezone(UTC) - timedelta(seconds=waited)
    except ValueError:
        return  # its form is judged elsewhere
    if abs(submitted - expected) > _CLOSE:
        wanted = f"about {expected.astimezone(_CHINA):%Y-%m-%d %H:%M}, in UTC+8"
        yield Difference(Kind.TIME, "output.submit_time", wanted, str(told))
