"""The one interface between the fake and its ways in: interceptors, the server, a session's relay.

A way in imports nothing else of the fake but `fake.network`, which says what goes over the wire.
"""

from __future__ import annotations

import logging
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Protocol

from emoji_mock._support.threads.fair_pool import FairPool
from emoji_mock.contract.rows import service
from emoji_mock.fake.store.ports import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from emoji_mock.contract.exchange import Headers, Reply, Request, Response
    from emoji_mock.contract.row import Row

HEAD_BYTES = 64 * 1024
"""How long the target and the headers of a request may be together, in bytes. No client of the vendor's comes near."""
HEAD_LINES = 1_000
"""How many headers a request may have: each costs a hundred bytes or more, however short it is."""
LINE_BYTES = 4
"""What each header adds to its name and value: a colon, a blank and the end of the line."""
SMALL_BODY = 64 * 1024
"""The largest body, in bytes, that is answered in the event loop; for a larger one, or a picture, a thread answers."""
PICTURES_AT_ONCE = 2
"""How many threads answer large bodies and pictures. Pictures are decoded one at a time: more would only wait."""
VIDEOS_AT_ONCE = 2
"""How many threads make videos."""

_log = logging.getLogger("emoji_mock")


class PortClock(Protocol):
    """The clock by which a way in waits."""

    def __call__(self) -> float:
        """Return the time in seconds since the epoch."""
        ...

    @property
    def frozen(self) -> bool:
        """Whether a test has stopped the clock, so that waiting takes no time."""
        ...

    def reach(self, at: float, /) -> None:
        """Advance a frozen clock to `at`, unless it is later already."""
        ...

    def sleep(self, seconds: float, /) -> object:
        """Wait in this thread; advance a frozen clock instead."""
        ...


class Preparation(Protocol):
    """What a way in needs before it reads the body of a request; each value is computed on access."""

    @property
    def body_limit(self) -> int:
        """How many bytes of the body are looked at; a way in may drop all that exceed it by more than one."""
        ...

    @property
    def blocks(self) -> bool:
        """Whether the answer may take seconds to make (a video), so that no event loop may wait for it."""
        ...

    @property
    def account(self) -> str:
        """The account that sends the request, or has its video; empty if it is not known, or only with the body."""
        ...

    @property
    def close_early(self) -> bool:
        """Whether a rule closes the connection before the body is read."""
        ...


class FakePort(Protocol):
    """The interface of a fake to its ways in."""

    @property
    def clock(self) -> PortClock:
        """The clock that measures the delays of this fake."""
        ...

    def leave_loop(self) -> None:
        """Close what is open for the running event loop, which ends."""
        ...

    @property
    def suspends(self) -> bool:
        """Whether it may wait for a store in another process: an event loop then calls it by a SuspendableCall."""
        ...

    def prepare(self, head: Request, /) -> Preparation:
        """Return the preparation of a request whose body has not been read; `head` is the request without it."""
        ...

    def answer(self, request: Request, /) -> Reply:
        """Return the response to `request`, or the fault that comes instead."""
        ...

    def refuse(self, row: Row, /) -> Response:
        """Return the response of `row` to input that is not a valid request; nothing is recorded."""
        ...

    @property
    def waited_out(self) -> Callable[[int], None]:
        """A function to record that the caller waited to the end of the late answer or the stall of an exchange.

        It takes the exchange's number. A property, because a fault may end when the port has changed its fake.
        """
        ...


def ask(port: FakePort, request: Request) -> Reply:
    """Return the reply of `port`: the vendor's 503 if its store is away, 500 and a log entry if the fake breaks."""
    try:
        return port.answer(request)
    except StoreUnavailableError:
        return port.refuse(service.OVERLOADED)
    except Exception:  # noqa: BLE001 - a bug of the fake must look like an outage of the vendor
        _log.exception("emoji-mock broke on a request; please report this")
        return port.refuse(service.INTERNAL)


class HeavyWork:
    """The threads in which requests are answered that take long. Accounts take turns, so that none waits for another's.

    Pictures and videos have threads of their own. They end when nothing waits.
    """

    def __init__(self) -> None:
        self._pictures = FairPool(PICTURES_AT_ONCE, "emoji-mock-picture")
        self._videos = FairPool(VIDEOS_AT_ONCE, "emoji-mock-video")

    def start(self, port: FakePort, request: Request, connection: str = "") -> Future[Reply] | None:
        """Let a thread answer `request` in the turn of its account, or else of `connection`; None if that is quick."""
        preparation = port.prepare(request)
        if preparation.blocks:
            pool = self._videos
        elif len(request.body) > SMALL_BODY or may_hold_picture(request.body):
            pool = self._pictures
        else:
            return None
        return pool.submit(preparation.account or connection, partial(ask, port, request))


def is_head_too_long(target: str, headers: Headers) -> bool:
    """Return whether a request's target and headers exceed the bounds of every way in."""
    if len(headers) > HEAD_LINES:
        return True
    return len(target) + len(headers) * LINE_BYTES + len("".join(chain.from_iterable(headers))) > HEAD_BYTES


def may_hold_picture(body: bytes) -> bool:
    """Return whether a picture in `body` or in the store may be read. No event loop may wait for one."""
    text = body.decode("latin-1").lower()  # in a text, `in` takes a fifth of the time
    # JSON may write any letter as an escape.
    return "data:" in text or "oss:" in text or "content-disposition" in text or "\\u" in text
