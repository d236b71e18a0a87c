"""Judge retries: of what cannot succeed, of what was paid for, too early, too often, or none at all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from emoji_mock.contract.endpoint import UPLOADS
from emoji_mock.contract.row import Outcome
from emoji_mock.contract.rows import gateway, service
from emoji_mock.fake.accounting.journal import ON_SOCKET, Entry
from emoji_mock.fake.network.faults import FAULTS
from emoji_mock.verdict.attempts import chosen_waits, elapsed, split_runs, wait_between
from emoji_mock.verdict.entries import body_of, is_delivered, is_permanent, is_transient, label, numbers, path_of
from emoji_mock.verdict.findings import Kind, Occurrence
from emoji_mock.verdict.tasks import created_task_id
from emoji_mock.verdict.thresholds import (
    EARLY_SECONDS,
    LATE_SECONDS,
    LONG_RETRY_AFTER,
    NO_TIMEOUT_SECONDS,
    NO_WAIT,
    OUTAGE_SECONDS,
    PACE,
    POLICY_STORM_ATTEMPTS,
    POLL_SECONDS,
    RETRY_SECONDS,
    SAME_SHARE,
    SAME_WAIT,
    STORM_ATTEMPTS,
    STORM_SECONDS,
)

# After other faults the request may have been billed, so a caller may prefer not to repeat it.
_FREE_FAULTS = frozenset(kind for kind, row in FAULTS.items() if row.not_processed)
# Waiting does not help: a person has to raise the quota.
_NOT_BY_WAITING = frozenset({gateway.ALLOCATION.name})


def judge_job(job: list[Entry], without_video: Mapping[str, int], outages: Sequence[Entry]) -> Iterator[Occurrence]:
    """Yield what is wrong with the retries of one detection or video.

    `without_video` maps tasks that ended without a video to the exchange that said so. `outages` are the failures
    after which the account gave up.
    """
    yield from _retried_permanent(job)
    yield from _paid_twice(job, without_video)
    yield from _too_early(job)
    for run in split_runs(job):
        yield from _backoff(run)
        yield from _storm(run)
    yield from _gave_up(job, outages)


def judge_other_requests(requests: list[Entry]) -> Iterator[Occurrence]:
    """Yield what is wrong with the retries of equal requests for something else."""
    if path_of(requests[0]) == UPLOADS:  # the same for every picture, so only very many of them are retries
        for run in split_runs(requests):
            yield from _storm(run, POLICY_STORM_ATTEMPTS)
        return
    yield from _retried_permanent(requests)
    yield from _too_early(requests)
    for run in split_runs(requests):
        yield from _backoff(run)
        yield from _storm(run)


def judge_waits(entries: list[Entry]) -> Iterator[Occurrence]:
    """Yield the stalls and late answers that a caller waited for without a sufficient read timeout."""
    for entry in entries:
        seconds = max(entry.seconds, entry.delay)
        if entry.waited_out and seconds >= NO_TIMEOUT_SECONDS:
            done = f"{label(entry)}: waited {seconds:g} s for an answer, to the end"
            yield Occurrence(Kind.NO_READ_TIMEOUT, done, (entry.number,))


def outages_of(jobs: Iterable[list[Entry]]) -> list[Entry]:
    """Return the last attempts of jobs that were given up after retries: the failure may continue for a while."""
    last_runs = [split_runs(job)[-1] for job in jobs]
    return [run[-1] for run in last_runs if len(run) > 1 and is_transient(run[-1])]


def _retried_permanent(job: list[Entry]) -> Iterator[Occurrence]:
    for before, after in pairwise(job):
        if is_permanent(before) and is_delivered(before) and _is_same(before, after) and _is_soon(before, after):
            reason = before.code or f"HTTP {before.status}"
            done = f"{label(after)}: repeated unchanged after {before.status} {reason}"
            yield Occurrence(Kind.RETRIED_HOPELESS, done, numbers((before, after)))


def _is_soon(before: Entry, after: Entry) -> bool:
    return 0 <= wait_between(before, after) <= RETRY_SECONDS


def _is_same(before: Entry, after: Entry) -> bool:
    """Return whether a request was repeated unchanged, as far as the journal shows."""
    if before.row == service.BODY_INVALID.name != after.row:
        return False  # the media type may have been corrected, which the journal does not keep
    same = all(getattr(before, name) == getattr(after, name) for name in ("key", "target", "host", "flags"))
    return same and body_of(before) == body_of(after)


def _paid_twice(job: list[Entry], without_video: Mapping[str, int]) -> Iterator[Occurrence]:
    paid: Entry | None = None
    for entry in job:
        if not entry.billed and not entry.video:  # an accepted task promises a video, which is charged when it is made
            continue
        if paid is not None and paid.key == entry.key and _is_soon(paid, entry):
            again = "requested the same video again" if entry.video else "paid again"
            ended = "been accepted" if entry.video else paid.outcome
            done = f"{label(entry)}: {again} {wait_between(paid, entry):.2g} s after it had {ended}"
            if not without_video.get(created_task_id(paid), entry.number) < entry.number:
                yield Occurrence(Kind.PAID_TWICE, done, numbers((paid, entry)))
        paid = entry if is_delivered(entry) else None


def _too_early(job: list[Entry]) -> Iterator[Occurrence]:
    for before, after in pairwise(job):
        asked, waited = _seconds(before.retry_after), wait_between(before, after)
        if is_transient(before) and is_delivered(before) and waited < asked - EARLY_SECONDS:
            done = f"{label(after)}: repeated after {waited:.2g} s, but Retry-After asked for {asked:g} s"
            yield Occurrence(Kind.IGNORED_RETRY_AFTER, done, numbers((before, after)))


def _seconds(retry_after: str) -> float:
    return float(retry_after) if retry_after.isascii() and retry_after.isdecimal() else 0.0


def _backoff(run: list[Entry]) -> Iterator[Occurrence]:
    waits = chosen_waits(run)
    count = min(len(waits), max(NO_WAIT))
    if count not in NO_WAIT or min(waits) < 0:  # too few to judge; or they overlap, so they are not retries
        return
    shortest, longest = min(waits), max(waits)
    if longest < NO_WAIT[count]:
        done = f"{label(run[0])}: made {len(run)} attempts without a wait between them"
        yield Occurrence(Kind.NO_BACKOFF, done, numbers(run))
    elif run[0].method == "GET" and shortest >= POLL_SECONDS:
        return  # it polls at intervals, whatever the answer
    elif not (PACE[0] <= shortest and longest <= PACE[1]) and longest - shortest <= min(
        SAME_WAIT[count], SAME_SHARE * longest
    ):
        done = f"{label(run[0])}: made {len(run)} attempts, always {waits[0]:.2g} s apart"
        yield Occurrence(Kind.CONSTANT_BACKOFF, done, numbers(run))


def _storm(run: list[Entry], attempts: int = STORM_ATTEMPTS) -> Iterator[Occurrence]:
    for first, last in zip(run, run[attempts - 1 :], strict=False):
        seconds = elapsed(first, last)
        if seconds <= STORM_SECONDS:
            done = f"{label(first)}: made {len(run)} attempts, {attempts} of them within {seconds:.2g} s"
            yield Occurrence(Kind.RETRY_STORM, done, numbers(run))
            return


def _gave_up(job: list[Entry], outages: Sequence[Entry]) -> Iterator[Occurrence]:
    last = split_runs(job)[-1]
    if len(last) > 1 or not is_transient(last[0]):
        return
    entry = last[0]
    if any(_continues(outage, entry) for outage in outages):
        return  # a circuit breaker sends one request to see whether the outage continues
    in_time = is_delivered(entry) and entry.delay <= LATE_SECONDS  # later, the caller's own deadline may have passed
    by_vendor = entry.outcome is Outcome.ERROR and in_time and entry.row not in _NOT_BY_WAITING
    worth_waiting = _seconds(entry.retry_after) <= LONG_RETRY_AFTER
    unsent = entry.fault in _FREE_FAULTS and ON_SOCKET not in entry.flags
    if (by_vendor or unsent) and worth_waiting:
        ending = entry.fault or f"{entry.status} {entry.code}"
        done = f"{label(entry)}: gave up after one attempt that ended in {ending}"
        yield Occurrence(Kind.GAVE_UP, done, (entry.number,))


def _continues(outage: Entry, entry: Entry) -> bool:
    same = outage.row == entry.row and outage.fault == entry.fault
    return same and 0 <= wait_between(outage, entry) <= OUTAGE_SECONDS
