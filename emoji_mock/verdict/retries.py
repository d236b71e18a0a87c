"""How a caller repeats: what cannot succeed, what was paid, too early, too often, or not at all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from emoji_mock.contract.endpoint import UPLOADS
from emoji_mock.contract.row import Outcome
from emoji_mock.contract.rows import gateway, service
from emoji_mock.fake.accounting.journal import ON_SOCKET, Entry
from emoji_mock.fake.network.faults import FAULTS
from emoji_mock.verdict.attempts import elapsed, runs, wait, waits
from emoji_mock.verdict.endings import delivered, hopeless, transient
from emoji_mock.verdict.entries import body_of, named, numbers, path_of
from emoji_mock.verdict.findings import Case, Kind
from emoji_mock.verdict.tasks import task_of
from emoji_mock.verdict.thresholds import (
    EARLY,
    ENDURED_SECONDS,
    LATE,
    LONG_PAUSE,
    NO_WAIT,
    OUTAGE_SECONDS,
    PACE,
    PERMITS,
    POLL_SECONDS,
    RETRY_SECONDS,
    SAME_SHARE,
    SAME_WAIT,
    STORM_ATTEMPTS,
    STORM_SECONDS,
)

# After any other fault the request may have been processed, and it may be wise not to pay twice.
_FREE_FAULTS = frozenset(kind for kind, row in FAULTS.items() if row.not_processed)
# More quota is a matter for people.
_NOT_BY_WAITING = frozenset({gateway.ALLOCATION.name})


def judge(job: list[Entry], without_video: Mapping[str, int], outages: Sequence[Entry]) -> Iterator[Case]:
    """Yield what is wrong with how one job was repeated; some tasks are known to be `without_video`, since when.

    `outages` are what the account gave up on after retries.
    """
    yield from _hopeless(job)
    yield from _paid_twice(job, without_video)
    yield from _too_early(job)
    for run in runs(job):
        yield from _backoff(run)
        yield from _storm(run)
    yield from _gave_up(job, outages)


def judge_other(job: list[Entry]) -> Iterator[Case]:
    """Yield what is wrong with how a request for something else was repeated."""
    if path_of(job[0]) == UPLOADS:  # the same for every picture, so only a great many of them are one
        for run in runs(job):
            yield from _storm(run, PERMITS)
        return
    yield from _hopeless(job)
    yield from _too_early(job)
    for run in runs(job):
        yield from _backoff(run)
        yield from _storm(run)


def waited_out(entries: list[Entry]) -> Iterator[Case]:
    """Yield the stalls and late answers that a caller sat through."""
    for entry in entries:
        seconds = max(entry.seconds, entry.delay)
        if entry.waited_out and seconds >= ENDURED_SECONDS:
            done = f"{named(entry)}: waited {seconds:g} s for an answer, to the end"
            yield Case(Kind.NO_READ_TIMEOUT, done, (entry.number,))


def _hopeless(job: list[Entry]) -> Iterator[Case]:
    for before, after in pairwise(job):
        if hopeless(before) and delivered(before) and _same(before, after) and _soon(before, after):
            said = before.code or f"HTTP {before.status}"
            done = f"{named(after)}: asked again, unchanged, after {before.status} {said}"
            yield Case(Kind.RETRIED_HOPELESS, done, numbers((before, after)))


def _soon(before: Entry, after: Entry) -> bool:
    return 0 <= wait(before, after) <= RETRY_SECONDS


def _same(before: Entry, after: Entry) -> bool:
    """Say whether a request was repeated as it was, as far as the journal tells."""
    if before.row == service.BODY_INVALID.name != after.row:
        return False  # the media type may have been put right, of which the journal keeps nothing
    alike = all(getattr(before, name) == getattr(after, name) for name in ("key", "target", "host", "flags"))
    return alike and body_of(before) == body_of(after)


def _paid_twice(job: list[Entry], without_video: Mapping[str, int]) -> Iterator[Case]:
    paid: Entry | None = None
    for entry in job:
        if not entry.billed and not entry.video:  # a video is charged when it is made, which its task promises
            continue
        if paid is not None and paid.key == entry.key and _soon(paid, entry):
            again = "asked for the same video again" if entry.video else "paid again"
            ended = "been accepted" if entry.video else paid.outcome
            done = f"{named(entry)}: {again} {_ago(paid, entry)} after it had {ended}"
            if not without_video.get(task_of(paid), entry.number) < entry.number:
                yield Case(Kind.PAID_TWICE, done, numbers((paid, entry)))
        paid = entry if delivered(entry) else None


def _ago(before: Entry, after: Entry) -> str:
    return f"{wait(before, after):.2g} s"


def _too_early(job: list[Entry]) -> Iterator[Case]:
    for before, after in pairwise(job):
        asked, waited = _seconds(before.retry_after), wait(before, after)
        if transient(before) and delivered(before) and waited < asked - EARLY:
            done = f"{named(after)}: asked again after {waited:.2g} s, where Retry-After said {asked:g} s"
            yield Case(Kind.IGNORED_RETRY_AFTER, done, numbers((before, after)))


def _seconds(retry_after: str) -> float:
    return float(retry_after) if retry_after.isascii() and retry_after.isdecimal() else 0.0


def _backoff(run: list[Entry]) -> Iterator[Case]:
    waited = waits(run)
    count = min(len(waited), max(NO_WAIT))
    if count not in NO_WAIT or min(waited) < 0:  # too few to tell; or they overlap, and nobody repeats anything
        return
    longest = max(waited)
    if longest < NO_WAIT[count]:
        done = f"{named(run[0])}: asked {len(run)} times without a wait in between"
        yield Case(Kind.NO_BACKOFF, done, numbers(run))
    elif run[0].method == "GET" and min(waited) >= POLL_SECONDS:
        return  # it asks now and then, whatever the answer
    elif not (PACE[0] <= min(waited) and longest <= PACE[1]) and longest - min(waited) <= min(
        SAME_WAIT[count], SAME_SHARE * longest
    ):
        done = f"{named(run[0])}: asked {len(run)} times, always {waited[0]:.2g} s apart"
        yield Case(Kind.CONSTANT_BACKOFF, done, numbers(run))


def _storm(run: list[Entry], attempts: int = STORM_ATTEMPTS) -> Iterator[Case]:
    for first, last in zip(run, run[attempts - 1 :], strict=False):
        passed = elapsed(first, last)
        if passed <= STORM_SECONDS:
            done = f"{named(first)}: asked {len(run)} times, {attempts} of them within {passed:.2g} s"
            yield Case(Kind.RETRY_STORM, done, numbers(run))
            return


def outages(jobs: Iterable[list[Entry]]) -> list[Entry]:
    """Return the last attempts of jobs that were given up after retries: what happened may go on for a while."""
    last = [runs(job)[-1] for job in jobs]
    return [run[-1] for run in last if len(run) > 1 and transient(run[-1])]


def _gave_up(job: list[Entry], outages: Sequence[Entry]) -> Iterator[Case]:
    last = runs(job)[-1]
    if len(last) > 1 or not transient(last[0]):
        return
    entry = last[0]
    if any(_goes_on(before, entry) for before in outages):
        return  # a circuit breaker tries once whether it is over
    in_time = delivered(entry) and entry.delay <= LATE  # after a longer wait the caller's own time may be over
    by_vendor = entry.outcome is Outcome.ERROR and in_time and entry.row not in _NOT_BY_WAITING
    worth_it = _seconds(entry.retry_after) <= LONG_PAUSE
    unsent = entry.fault in _FREE_FAULTS and ON_SOCKET not in entry.flags
    if (by_vendor or unsent) and worth_it:
        ending = entry.fault or f"{entry.status} {entry.code}"
        done = f"{named(entry)}: gave up after one attempt that ended in {ending}"
        yield Case(Kind.GAVE_UP, done, (entry.number,))


def _goes_on(before: Entry, after: Entry) -> bool:
    alike = before.row == after.row and before.fault == after.fault
    return alike and 0 <= wait(before, after) <= OUTAGE_SECONDS
