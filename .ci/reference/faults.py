"""The page of the faults: what each is, what each library raises, and how our own client ends."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from layout import block, code, page, table

from emoji_mock import Clock, Fake, intercept
from emoji_mock.client import EmojiDetect, EmojiError, Timing
from emoji_mock.fake.network.faults import FAULTS, FaultKind, FaultRow, Sends
from emoji_mock.interceptors.registry import INTERCEPTORS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.fake.network.exceptions import Raises

_LIBRARIES = ("httpx", "requests", "aiohttp", "urllib3", "http.client")
_INTRODUCTION = """\
A fault is what the network does instead of delivering an answer. Latency is how late an answer
is. Both come from [rules](rules.md), as answers do.
"""
_WAYS = (
    ("a test", '`emoji_api.faults("reset", times=2)`, `emoji_api.when("*/slow.png").faults("stall", seconds=90)`'),
    ("a test: latency", "`emoji_api.slow(0.3)`"),
    ("a scenario or a configuration file", '`[[rules]]` with `fault = "drip"`'),
    ("a server", "`emoji-mock serve --fault reset=0.05 --latency lognormal:0.2,0.5`"),
    ("the control API", '`POST /_mock/rules` with `{"fault":"truncated_body","times":1}`'),
)
_BILLED = """\
`seconds` is the default; a rule may set another number. It is unknown whether the vendor bills a
call whose answer was lost. Here a call is billed if the service had answered before the fault.
Only then is a task created or cancelled, and a picture stored.
"""
_LIBRARY_NOTES = """\
With a read timeout that is shorter than the stall, in the process and on a real socket. Where a
socket differs, it has a row of its own. httpx2 raises the same as httpx, under its own name.
Without a timeout a client waits to the end of a stall, and then the connection is closed.

On a socket, faults and waits are real: a reset is a TCP RST, and a stall keeps the connection
open. In the process each library raises its own exception after its own timeout.
"""
_CLOCK = """\
On a frozen clock, waits in the process take no time. `emoji_api.clock.unfreeze()` lets the clock
go on from its current time. This test takes milliseconds:
"""
_CLOCK_TEST = """\
def test_a_stalled_call_is_given_up(emoji_api):
    emoji_api.clock.freeze()
    emoji_api.faults("stall")  # a minute and a half
    with pytest.raises(PortraitServiceDown):
        check("https://example.com/me.png")
"""
_CLOCK_NOTES = """\
A running server has such a clock, too: `PUT /_mock/clock`. Tasks, links to videos, upload policies
and limits go by it. A late answer of a server still takes real time.

Calls that run at the same time in one event loop wait at the same time. The timers of the loop
itself do not follow a frozen clock. An `asyncio.timeout` or `anyio.fail_after` around a stalled
call does not fire. Give the client a timeout of its own, or do not freeze the clock.
"""
_CLIENT = """\
This project's own client, with one call and one fault, on a clock that its waits advance:
"""
_ENDPOINTS = """\
A rule without `endpoint` applies to every call if it sets a fault or a latency. With `endpoint` it
applies to that endpoint alone. [Rules](rules.md#endpoints) lists the endpoints.
"""


def pages() -> dict[str, str]:
    """Return the page by its path."""
    others = ", ".join(code(name) for name in INTERCEPTORS if name not in _LIBRARIES)
    return {
        "faults.md": page(
            "Faults and latency",
            _INTRODUCTION,
            table(("Set in", "By"), _WAYS),
            "## The faults",
            table(("Fault", "What happens", "`seconds`", "Billed"), map(_fault, FAULTS.values())),
            _BILLED,
            "## What each library raises",
            _LIBRARY_NOTES,
            table(("Fault", *_LIBRARIES), [line for row in FAULTS.values() for line in _raised(row)]),
            f"The other libraries that are intercepted raise the same as one of these: {others}.",
            "## Waiting without waiting",
            _CLOCK,
            block("python", _CLOCK_TEST),
            _CLOCK_NOTES,
            "## How our own client ends",
            _CLIENT,
            table(("Rule", "The client", "Calls", "Images billed", "Of them lost"), map(_ending, FaultKind)),
            "## Faults for one endpoint",
            _ENDPOINTS,
        )
    }


def _fault(row: FaultRow) -> tuple[str, ...]:
    seconds = "" if row.seconds is None else f"{row.seconds:g}"
    return code(row.kind), row.meaning, seconds, "yes" if row.answered else "no"


def _raised(row: FaultRow) -> Iterator[tuple[str, ...]]:
    if row.raises is not None:
        yield code(row.kind), *_names(row.times_out or row.raises)
    else:
        received = {Sends.PAGE: f"HTTP {row.page[0]}, an HTML page", Sends.CUT_JSON: "HTTP 200, its JSON broken off"}
        yield code(row.kind), *[received.get(row.sends, "the whole answer")] * len(_LIBRARIES)
    if row.on_socket is not None:
        yield f"{code(row.kind)}, on a socket", *_names(row.on_socket)


def _names(raises: Raises) -> list[str]:
    return [code(raises._asdict()[name.replace(".", "_")]) for name in _LIBRARIES]


def _ending(kind: FaultKind) -> tuple[str, ...]:
    """Return how our client ends when its first call meets a fault."""
    clock = Clock()
    clock.freeze(1_795_366_800.0)
    with intercept(Fake(clock=clock)) as emoji_api:
        emoji_api.faults(kind, times=1)
        timing = Timing(clock=clock, now=clock, sleep=clock.advance, random=Random(1))  # noqa: S311 - repeatable
        try:
            with EmojiDetect("sk-mock-me", timing=timing) as client:
                passed = client.detect("https://example.com/me.png").passed
            end = "passes" if passed else "fails"
        except EmojiError as error:
            end = code(type(error).__name__)
        calls, ledger = len(emoji_api.calls), emoji_api.ledger
    return code(f'emoji_api.faults("{kind}", times=1)'), end, str(calls), str(ledger.images), str(ledger.lost)
