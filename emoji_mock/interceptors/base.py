"""What every door has in common: places of a library that are patched while somebody answers, and put back after.

No HTTP library is known here.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from emoji_mock._support.fork_safety import Locked
from emoji_mock.assembly import Fake
from emoji_mock.contract.hosts import is_vendor_host
from emoji_mock.contract.rows import service
from emoji_mock.fake.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.contract.exchange import Reply, Request
    from emoji_mock.fake.service import FakeService

    Ask = Callable[[Request], Reply]
    Uninstall = Callable[[], None]

log = logging.getLogger("emoji_mock")


def ask(fake: FakeService, request: Request) -> Reply:
    """Return the fake's reply; should the fake itself break, say so in the log and answer in the vendor's shape."""
    try:
        return fake.answer(request)
    except Exception:
        log.exception("emoji-mock broke on a request; please report this")
        return fake.refuse(service.INTERNAL)


class Asking:
    """Asks `fake`, and knows its clock."""

    __slots__ = ("clock", "fake", "waited_out")

    def __init__(self, fake: Fake) -> None:
        self.fake, self.clock, self.waited_out = fake, fake.clock, fake.store.waited_out

    def __call__(self, request: Request) -> Reply:
        """Return the fake's reply to `request`."""
        return ask(self.fake, request)


def fresh() -> Fake:
    """Return the fake of whoever brings none: in a program's own process nobody waits minutes for a video."""
    return Fake(Options(time_scale=0))


def asking(fake: Fake) -> Asking:
    """Return what asks `fake`."""
    return Asking(fake)


def by_scheme(request: Request, scheme: str, host: str) -> Request:
    """Return `request` in absolute form, where the scheme is not the one that the host is known by.

    By that the journal tells that a call went to the vendor without TLS, and a fake under a name of its own that it is
    asked by https.
    """
    strange = request.target.startswith("/") and (scheme == "https") is not is_vendor_host(host)
    return request._replace(target=f"{scheme}://{host}{request.target}") if strange else request


class Patch(NamedTuple):
    """One place of a library: `make` gets what stands there and returns what shall stand there instead."""

    owner: Any
    name: str
    make: Callable[[Any], Any]


class Interceptor(Locked):
    """One library's seams, and those who answer behind them: the newest is asked, and the last one out puts all back.

    A replacement that some other mocker has covered stays where it is, and hands everything on while nobody answers.
    """

    def __init__(self) -> None:
        self.ask: Ask | None = None
        self._seams: tuple[Patch, ...] = ()
        self._answering: list[list[Ask]] = []
        super().__init__()
        self._originals: dict[Patch, tuple[Any, Any]] = {}

    def at(self, *seams: Patch) -> Interceptor:
        """Say where the door is, once."""
        self._seams = seams
        return self

    def install(self, ask: Ask) -> Uninstall:
        """Let `ask` answer until the function that is returned has been called."""
        mine = [ask]  # a list of its own, because the same function may answer twice
        with self._lock:
            if not self._answering:
                self._patch()
            self._answering.append(mine)
            self.ask = ask
        return partial(self._uninstall, mine)

    def _uninstall(self, mine: list[Ask]) -> None:
        with self._lock:
            left = [other for other in self._answering if other is not mine]
            if len(left) == len(self._answering):
                return
            self._answering = left
            self.ask = left[-1][0] if left else None
            if not left:
                self._restore()

    def _patch(self) -> None:
        for seam in self._seams:
            there = _standing(seam)
            known = self._originals.get(seam)
            if known is not None and known[1] is there:
                continue  # covered by another mocker when we left, and uncovered since
            replacement = seam.make(there)
            self._originals[seam] = (there, replacement)
            setattr(seam.owner, seam.name, replacement)

    def _restore(self) -> None:
        for seam, (original, replacement) in list(self._originals.items()):
            if _standing(seam) is replacement:
                setattr(seam.owner, seam.name, original)
                del self._originals[seam]


def _standing(seam: Patch) -> Any:  # noqa: ANN401 - the library's
    return seam.owner.__dict__[seam.name]
