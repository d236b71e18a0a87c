"""How a caller asks: where it puts its key, which headers it sends, how fast it polls."""

import re
from collections.abc import Callable, Iterator

from emoji_mock.contract.endpoint import TASKS
from emoji_mock.contract.hosts import is_vendor_host
from emoji_mock.contract.row import Outcome
from emoji_mock.contract.rows import gateway
from emoji_mock.fake.accounting.journal import Entry
from emoji_mock.fake.context import authority_of
from emoji_mock.verdict.attempts import elapsed
from emoji_mock.verdict.entries import named, numbers, path_of
from emoji_mock.verdict.findings import Case, Kind
from emoji_mock.verdict.thresholds import POLL_SECONDS, POLLS, TASK_REQUESTS

# What the journal keeps of a key.
_FINGERPRINT = re.compile(r"key:[0-9a-f]{12}")


def judge(entries: list[Entry]) -> Iterator[Case]:
    """Yield what is wrong with how one account asked."""
    for entry in entries:
        yield from _one(entry)
    tasks = [entry for entry in entries if f"{path_of(entry)}/".startswith(f"{TASKS}/") and not entry.fault]
    yield from _polls(tasks)
    burst = _burst(tasks, TASK_REQUESTS + 1, lambda first, last: elapsed(first, last) < 1)
    if burst:
        done = f"asked after tasks {len(burst)} times within a second"
        yield Case(Kind.OVER_TASK_LIMIT, done, numbers(burst))


def _one(entry: Entry) -> Iterator[Case]:
    if _FINGERPRINT.search(entry.target):
        yield Case(Kind.KEY_IN_URL, f"sent its key in the URL: {entry.method} {_target(entry)}", (entry.number,))
    host = authority_of(entry.target, entry.host)
    if entry.key and entry.target[:7].lower() == "http://" and is_vendor_host(host):
        yield Case(Kind.KEY_OVER_HTTP, f"sent its key over http:// to {host[:100]}", (entry.number,))
    if entry.row == gateway.NOT_ASYNCHRONOUS.name:
        done = f"{named(entry)}: sent X-DashScope-Async with a detection"
        yield Case(Kind.ASYNC_HEADER, done, (entry.number,))


def _target(entry: Entry) -> str:
    return entry.target if len(entry.target) <= 200 else f"{entry.target[:200]}…"  # noqa: PLR2004


def _polls(tasks: list[Entry]) -> Iterator[Case]:
    found: dict[str, list[Entry]] = {}
    for entry in tasks:
        # An error may be repeated at once; how that is done is a matter of retries.
        if entry.method == "GET" and path_of(entry) != TASKS and entry.outcome is Outcome.DONE:
            found.setdefault(path_of(entry), []).append(entry)
    for path, polls in found.items():
        burst = _burst(polls, POLLS, lambda first, last: elapsed(first, last) < (POLLS - 1) * POLL_SECONDS)
        if burst:
            passed = elapsed(burst[0], burst[-1])
            done = f"{path[:100]}: asked {len(burst)} times within {passed:.2g} s"
            yield Case(Kind.POLLED_TOO_FAST, done, numbers(burst))


def _burst(entries: list[Entry], size: int, is_one: Callable[[Entry, Entry], bool]) -> list[Entry]:
    for start in range(len(entries) - size + 1):
        if is_one(entries[start], entries[start + size - 1]):
            return entries[start : start + size]
    return []
