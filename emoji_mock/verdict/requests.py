"""Judge single requests: where the key is, which headers are sent, how fast tasks are polled."""

import re
from collections.abc import Callable, Iterator

from emoji_mock.contract.endpoint import TASKS
from emoji_mock.contract.hosts import is_vendor_host
from emoji_mock.contract.row import Outcome
from emoji_mock.contract.rows import gateway
from emoji_mock.fake.accounting.journal import Entry
from emoji_mock.fake.request_head import authority_of
from emoji_mock.verdict.attempts import elapsed
from emoji_mock.verdict.entries import label, numbers, path_of
from emoji_mock.verdict.findings import Kind, Occurrence
from emoji_mock.verdict.thresholds import POLL_SECONDS, POLLS, TASK_REQUESTS

# The form in which the journal keeps a key.
_FINGERPRINT = re.compile(r"key:[0-9a-f]{12}")
_MAX_TARGET = 200


def judge_requests(entries: list[Entry]) -> Iterator[Occurrence]:
    """Yield what is wrong with the requests of one account."""
    for entry in entries:
        yield from _one(entry)
    tasks = [entry for entry in entries if f"{path_of(entry)}/".startswith(f"{TASKS}/") and not entry.fault]
    yield from _polls(tasks)
    burst = _burst(tasks, TASK_REQUESTS + 1, lambda first, last: elapsed(first, last) < 1)
    if burst:
        done = f"sent {len(burst)} requests about tasks within a second"
        yield Occurrence(Kind.OVER_TASK_LIMIT, done, numbers(burst))


def _one(entry: Entry) -> Iterator[Occurrence]:
    if _FINGERPRINT.search(entry.target):
        target = entry.target if len(entry.target) <= _MAX_TARGET else f"{entry.target[:_MAX_TARGET]}…"
        yield Occurrence(Kind.KEY_IN_URL, f"sent its key in the URL: {entry.method} {target}", (entry.number,))
    host = authority_of(entry.target, entry.host)
    if entry.key and entry.target[:7].lower() == "http://" and is_vendor_host(host):
        yield Occurrence(Kind.KEY_OVER_HTTP, f"sent its key over http:// to {host[:100]}", (entry.number,))
    if entry.row == gateway.NOT_ASYNCHRONOUS.name:
        done = f"{label(entry)}: sent X-DashScope-Async with a detection"
        yield Occurrence(Kind.ASYNC_HEADER, done, (entry.number,))


def _polls(tasks: list[Entry]) -> Iterator[Occurrence]:
    polls_of: dict[str, list[Entry]] = {}
    for entry in tasks:
        # A poll that ended in an error may be repeated at once; `retries` judges how that is done.
        if entry.method == "GET" and path_of(entry) != TASKS and entry.outcome is Outcome.DONE:
            polls_of.setdefault(path_of(entry), []).append(entry)
    for path, polls in polls_of.items():
        burst = _burst(polls, POLLS, lambda first, last: elapsed(first, last) < (POLLS - 1) * POLL_SECONDS)
        if burst:
            seconds = elapsed(burst[0], burst[-1])
            done = f"{path[:100]}: polled {len(burst)} times within {seconds:.2g} s"
            yield Occurrence(Kind.POLLED_TOO_FAST, done, numbers(burst))


def _burst(entries: list[Entry], size: int, is_too_fast: Callable[[Entry, Entry], bool]) -> list[Entry]:
    """Return the first `size` entries in a row whose first and last are too close, or an empty list."""
    for start in range(len(entries) - size + 1):
        if is_too_fast(entries[start], entries[start + size - 1]):
            return entries[start : start + size]
    return []
