"""Which exchanges are attempts at the same thing, and how long a caller waited between them."""

from collections.abc import Iterable
from itertools import pairwise

from emoji_mock.fake.accounting.journal import TEXT_LIMIT, Entry
from emoji_mock.verdict.endings import transient
from emoji_mock.verdict.entries import asks_for_video, body_of, detects, path_of, picture_of
from emoji_mock.verdict.thresholds import PROMPT


def jobs(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Return the requests for detections and videos, those for the same thing together, each in their order."""
    found: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        video = asks_for_video(entry)
        if not video and not detects(entry):
            continue
        picture = picture_of(entry)
        if not picture and len(entry.request_body) > TEXT_LIMIT:
            continue  # cut short, so that nobody knows whether two of them are the same
        wanted = body_of(entry) if video or not picture else ""
        found.setdefault((path_of(entry), picture, wanted), []).append(entry)
    return list(found.values())


def others(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Return all other requests, those that are alike together: method, target and body."""
    found: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        if not (asks_for_video(entry) or detects(entry)) and len(entry.request_body) <= TEXT_LIMIT:
            found.setdefault((entry.method, entry.target, entry.request_body), []).append(entry)
    return list(found.values())


def runs(job: list[Entry]) -> list[list[Entry]]:
    """Return the attempts of a job that belong together: each but the last ended in what may be repeated."""
    found: list[list[Entry]] = [[]]
    for entry in job:
        found[-1].append(entry)
        if not transient(entry):
            found.append([])
    return [run for run in found if run]


def elapsed(before: Entry, after: Entry) -> float:
    """Return the seconds between two arrivals, on the fake's clock or the real one, whichever went on more."""
    return max(after.at - before.at, after.real - before.real)


def wait(before: Entry, after: Entry) -> float:
    """Return the seconds from the end of one exchange to the next; less than nothing if they overlap."""
    # Rounded, because seconds since the epoch are exact to a quarter of a microsecond only.
    return round(elapsed(before, after) - before.delay, 5)


def waits(run: list[Entry]) -> list[float]:
    """Return the waits between attempts that the caller itself chose."""
    return [
        wait(before, after)
        for before, after in pairwise(run)
        if (before.delay <= PROMPT or before.waited_out) and not before.seconds and not before.retry_after
    ]
