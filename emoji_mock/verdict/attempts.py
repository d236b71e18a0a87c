"""Group exchanges into attempts at the same thing, and measure the waits between attempts."""

from collections.abc import Iterable
from itertools import pairwise

from emoji_mock.fake.accounting.journal import TEXT_LIMIT, Entry
from emoji_mock.verdict.entries import (
    body_of,
    has_variants,
    is_detection,
    is_transient,
    is_video_request,
    path_of,
    picture_of,
)
from emoji_mock.verdict.thresholds import PROMPT_SECONDS


def group_jobs(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Group the requests for detections and videos by what they request, each group in order."""
    groups: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        video = is_video_request(entry)
        if not video and not is_detection(entry):
            continue
        picture = picture_of(entry)
        if not picture and len(entry.request_body) > TEXT_LIMIT:
            continue  # the journal cut the body, so two of them cannot be compared
        body = body_of(entry) if video or not picture or has_variants(entry) else ""
        groups.setdefault((path_of(entry), entry.model, picture, body), []).append(entry)
    return list(groups.values())


def group_other_requests(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Group all other requests by method, target and body, each group in order."""
    groups: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        if not (is_video_request(entry) or is_detection(entry)) and len(entry.request_body) <= TEXT_LIMIT:
            groups.setdefault((entry.method, entry.target, entry.request_body), []).append(entry)
    return list(groups.values())


def split_runs(job: list[Entry]) -> list[list[Entry]]:
    """Split a job into runs of attempts: each attempt of a run, except the last, ended in a transient failure."""
    runs: list[list[Entry]] = [[]]
    for entry in job:
        runs[-1].append(entry)
        if not is_transient(entry):
            runs.append([])
    return [run for run in runs if run]


def elapsed(before: Entry, after: Entry) -> float:
    """Return the seconds between two arrivals, on the fake's clock or the real one, whichever advanced more."""
    return max(after.at - before.at, after.real - before.real)


def wait_between(before: Entry, after: Entry) -> float:
    """Return the seconds from the end of one exchange to the start of the next; negative if they overlap."""
    # Rounded, because seconds since the epoch are exact to a quarter of a microsecond only.
    return round(elapsed(before, after) - before.delay, 5)


def chosen_waits(run: list[Entry]) -> list[float]:
    """Return the waits between attempts, in seconds, that the caller itself chose."""
    return [
        wait_between(before, after)
        for before, after in pairwise(run)
        if (before.delay <= PROMPT_SECONDS or before.waited_out) and not before.seconds and not before.retry_after
    ]
