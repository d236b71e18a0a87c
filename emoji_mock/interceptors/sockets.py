"""A socket that is none: what `http.client` and those who build on it talk to when they connect to the vendor.

The library writes its own bytes and reads ours, so it parses, retries and raises as it does on a real connection.
"""

from __future__ import annotations

import io
import socket
from http.client import HTTP_PORT
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from emoji_mock.contract.hosts import is_vendor_host
from emoji_mock.fake.network.script import End, Script, script
from emoji_mock.interceptors._wire import Inbox, refused, reset
from emoji_mock.interceptors.base import Interceptor, Patch, by_scheme
from emoji_mock.interceptors.waiting import wait, waited_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.interceptors.base import Ask


class _Answer(io.RawIOBase):
    """What there is to read, when it comes, and how it ends."""

    def __init__(self, script: Script, ask: Ask, timeout: float | None) -> None:
        super().__init__()
        self._script, self._ask, self._timeout = script, ask, timeout
        self._steps = list(reversed(script.steps))
        self._data = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - a writable buffer
        if not self._data and self._steps:
            step = self._steps.pop()
            self._wait(step.after)
            if self._script.end is End.KEEP:
                waited_out(self._ask, self._script.number)
            self._data = memoryview(step.data)
        elif not self._data:
            self._end()
        size = min(len(buffer), len(self._data))
        buffer[:size] = self._data[:size]
        self._data = self._data[size:]
        return size

    def _end(self) -> None:
        self._wait(self._script.silence)
        waited_out(self._ask, self._script.number)
        if self._script.end is End.RESET:
            raise reset()

    def _wait(self, seconds: float) -> None:
        if self._timeout is not None and seconds >= self._timeout > 0:
            wait(self._ask, self._timeout)
            raise TimeoutError("timed out")
        wait(self._ask, seconds)


class FakeSocket:
    """The socket of `connection` for one exchange; `not_taken` makes the error of a refused connection."""

    def __init__(self, connection: Any, ask: Ask, not_taken: Callable[[Any, OSError], Exception]) -> None:  # noqa: ANN401
        self._connection, self._ask, self._not_taken = connection, ask, not_taken
        self._inbox = Inbox()
        self._script = Script(())
        timeout = getattr(connection, "timeout", None)
        self._timeout = timeout if isinstance(timeout, int | float) else socket.getdefaulttimeout()

    def sendall(self, data: Any, flags: int = 0) -> None:  # noqa: ANN401 - any buffer
        """Take a part of the request, and ask once it is whole."""
        del flags
        request = self._inbox.feed(bytes(data))
        if request is None:
            return
        self._inbox = Inbox()
        scheme = "http" if self._connection.default_port == HTTP_PORT else "https"
        request = by_scheme(request, scheme, self._connection.host)
        self._script = script(request.method, self._ask(request))
        if self._script.end is End.REFUSE:
            wait(self._ask, self._script.silence)
            self._leave()
            raise self._not_taken(self._connection, refused())

    def makefile(self, *_: object, **__: object) -> io.BufferedReader:
        """Return the answer; the next request gets a new socket, so that none outlives the door."""
        self._leave()
        return io.BufferedReader(_Answer(self._script, self._ask, self._timeout))

    def _leave(self) -> None:
        if self._connection.sock is self:
            self._connection.sock = None

    def settimeout(self, seconds: float | None) -> None:
        """Set how long a read may take."""
        self._timeout = seconds

    def gettimeout(self) -> float | None:
        """Return how long a read may take."""
        return self._timeout

    def setsockopt(self, *_: object) -> None:
        """Do nothing."""

    def shutdown(self, how: int = 0) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


def seams(
    door: Interceptor,
    plain: Any,  # noqa: ANN401
    secure: Any,  # noqa: ANN401
    not_taken: Callable[[Any, OSError], Exception],
) -> tuple[Patch, ...]:
    """Return the seams of a pair of connection classes in the manner of `http.client`."""

    def fake_for(connection: Any, ask: Ask) -> None:  # noqa: ANN401
        connection.sock = FakeSocket(connection, ask, not_taken)
        connection.is_verified = True  # urllib3 would warn of a connection that is not
        connection._has_connected_to_proxy = True  # noqa: SLF001 - urllib3 would blame a proxy for every fault

    def connect(original: Callable[[Any], None]) -> Callable[[Any], None]:
        def connect(self: Any) -> None:  # noqa: ANN401
            ask = door.ask
            if ask is not None and is_vendor_host(_host(self)):
                fake_for(self, ask)
            else:
                original(self)

        return connect

    def putrequest(original: Callable[..., None]) -> Callable[..., None]:
        def putrequest(self: Any, method: str, url: str, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
            ask = door.ask
            if ask is not None and not isinstance(self.sock, FakeSocket) and is_vendor_host(_host(self, url)):
                if self.sock is not None:
                    self.close()  # connected before the door was opened
                fake_for(self, ask)
            original(self, method, url, *args, **kwargs)

        return putrequest

    return (
        Patch(plain, "connect", connect),
        Patch(secure, "connect", connect),
        Patch(plain, "putrequest", putrequest),
    )


def _host(connection: Any, url: str = "") -> str:  # noqa: ANN401
    """Return the host that is meant: behind a proxy it stands in the tunnel or in the target."""
    if "://" in url[:10]:
        return urlsplit(url).netloc
    host: str = getattr(connection, "_tunnel_host", None) or connection.host
    return host
