"""A fake socket for `http.client` and the libraries built on it, and the interceptor that puts it in place.

The library writes its own bytes and reads ours, so it parses, retries and raises as it does on a real connection.
"""

from __future__ import annotations

import io
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from emoji_mock.fake.network.faults import End
from emoji_mock.fake.network.script import Script, script
from emoji_mock.fake.port import ask
from emoji_mock.interceptors.base import Interceptor, Patch, with_scheme
from emoji_mock.interceptors.waiting import wait, waited_out
from emoji_mock.interceptors.wire import CONTINUE, NotHttpError, RequestReader, refused_error, reset_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.fake.port import FakePort

    ConnectError = Callable[[Any, OSError], Exception]
    """Makes the library's exception for a connection that failed with an OSError."""


# Not from `http.client`: to load that may load its interceptor, which needs this module.
HTTP_PORT = 80
_ENDED: list[int] = []
"""The descriptor of a closed connection, once it is needed."""


class _ScriptReader(io.RawIOBase):
    """The reading end of a connection: plays a script's bytes, waits and end."""

    def __init__(self, script: Script, port: FakePort, timeout: float | None) -> None:
        super().__init__()
        self._script, self._port, self._timeout = script, port, timeout
        self._steps = list(reversed(script.steps))
        self._data = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - a writable buffer
        if not self._data and self._steps:
            step = self._steps.pop()
            self._wait(step.after)
            if self._script.end is End.KEEP:
                waited_out(self._port, self._script.number)
            self._data = memoryview(step.data)
        elif not self._data:
            self._end()
        size = min(len(buffer), len(self._data))
        buffer[:size] = self._data[:size]
        self._data = self._data[size:]
        return size

    def _end(self) -> None:
        self._wait(self._script.silence)
        waited_out(self._port, self._script.number)
        if self._script.end is End.RESET:
            raise reset_error()

    def _wait(self, seconds: float) -> None:
        if self._timeout is not None and seconds >= self._timeout > 0:
            wait(self._port, self._timeout)
            raise TimeoutError("timed out")
        wait(self._port, seconds)


class FakeSocket:
    """The socket of `connection` for one exchange; `connect_error` makes the error of a refused connection."""

    family, type, proto = socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP

    def __init__(self, connection: Any, port: FakePort, connect_error: ConnectError) -> None:  # noqa: ANN401
        self._connection, self._port, self._connect_error = connection, port, connect_error
        self._reader = RequestReader(port)
        self._script = Script(())
        self._received: _ScriptReader | None = None
        timeout = getattr(connection, "timeout", None)
        self._timeout = timeout if isinstance(timeout, int | float) else socket.getdefaulttimeout()

    def sendall(self, data: Any, flags: int = 0) -> None:  # noqa: ANN401 - any buffer
        """Take a part of the request; ask the fake when it is complete."""
        del flags
        try:
            request = self._reader.feed(bytes(data))
        except NotHttpError as error:
            self._script = script("", error.response)
            return
        if request is None:
            return
        self._reader = RequestReader(self._port)
        scheme = "http" if self._connection.default_port == HTTP_PORT else "https"
        request = with_scheme(request, scheme, self._connection.host)
        self._script = script(request.method, ask(self._port, request))
        self._received = None
        if self._script.end is End.REFUSE:
            wait(self._port, self._script.silence)
            self._leave()
            raise self._connect_error(self._connection, refused_error())

    def makefile(self, *_: object, **__: object) -> io.BufferedIOBase:
        """Return the response as a file. The next request gets a new socket, so that none outlives the interceptor."""
        if self._reader.take_continue():
            return io.BytesIO(CONTINUE)
        self._leave()
        return io.BufferedReader(_ScriptReader(self._script, self._port, self._timeout))

    def recv(self, size: int) -> bytes:
        """Return the next bytes of the response, for urllib3-future, which reads no file."""
        if self._reader.take_continue():
            return CONTINUE
        if self._received is None:
            self._received = _ScriptReader(self._script, self._port, self._timeout)
        return self._received.read(size) or b""

    def fileno(self) -> int:
        """Return the descriptor of a closed connection, so that urllib3-future makes a new one for the next request."""
        if not _ENDED:
            ended, other = socket.socketpair()
            other.close()
            _ENDED.append(ended.detach())
        return _ENDED[0]

    def getpeername(self) -> tuple[str, int]:
        """Return an address of this machine."""
        return "127.0.0.1", int(self._connection.port or HTTP_PORT)

    def _leave(self) -> None:
        if self._connection.sock is self:
            self._connection.sock = None

    def settimeout(self, seconds: float | None) -> None:
        """Set how long a read may take."""
        self._timeout = seconds

    def gettimeout(self) -> float | None:
        """Return how long a read may take."""
        return self._timeout

    def getsockopt(self, *_: object) -> int:
        """Return 0: no option is set."""
        return 0

    def setsockopt(self, *_: object) -> None:
        """Do nothing."""

    def shutdown(self, how: int = 0) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class SocketInterceptor(Interceptor):
    """Intercept a pair of connection classes in the manner of `http.client`, and `call`, by which users call them."""

    def __init__(self, plain: Any, secure: Any, call: tuple[Any, str], connect_error: ConnectError) -> None:  # noqa: ANN401 - classes
        self._connect_error = connect_error
        super().__init__(
            Patch(plain, "connect", self._connect),
            Patch(secure, "connect", self._connect),
            Patch(plain, "putrequest", self._putrequest),
            self.past_others(*call, _host_of_call),
        )

    def _connect(self, original: Callable[[Any], None]) -> Callable[[Any], None]:
        def connect(connection: Any) -> None:  # noqa: ANN401
            port = self.port_for(_host(connection))
            if port is None:
                original(connection)
            else:
                self._attach(connection, port)

        return connect

    def _putrequest(self, original: Callable[..., None]) -> Callable[..., None]:
        def putrequest(connection: Any, method: str, url: str, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
            port = self.port_for(_host(connection, url))
            if port is not None and not isinstance(connection.sock, FakeSocket):
                if connection.sock is not None:
                    connection.close()  # connected before the interceptor was installed
                self._attach(connection, port)
            original(connection, method, url, *args, **kwargs)

        return putrequest

    def _attach(self, connection: Any, port: FakePort) -> None:  # noqa: ANN401
        connection.sock = FakeSocket(connection, port, self._connect_error)
        connection.is_verified = True  # or urllib3 warns of an unverified connection
        connection._has_connected_to_proxy = True  # noqa: SLF001 - or urllib3 attributes every fault to a proxy


def _host_of_call(connection: Any, method: str = "", url: str = "", *_: object, **__: object) -> str:  # noqa: ANN401
    del method
    return _host(connection, url)


def _host(connection: Any, url: str = "") -> str:  # noqa: ANN401
    """Return the host that is called: with a proxy it is that of the tunnel or of the target."""
    if "://" in url[:10]:
        return urlsplit(url).netloc
    host: str = getattr(connection, "_tunnel_host", None) or connection.host
    return host
