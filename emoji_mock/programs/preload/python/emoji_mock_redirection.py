"""Where this program's calls go: what is asked by the functions of `emoji_mock_changes.py`. See `sitecustomize.py`."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

MARKER = "127.69.77.79"
LOOPBACK = "127.0.0.1"
HTTP_PORT = 80
PORTS = range(1, 65536)
ON = ("1", "true", "yes", "on")


class Redirection:
    """The vendor's hosts and the fake's ports, as the environment has them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.pattern = environ["EMOJI_MOCK_HOSTS"]
        self.tls_port = int(environ["EMOJI_MOCK_TLS_PORT"])
        self.plain_port = int(environ["EMOJI_MOCK_PORT"])
        if self.tls_port not in PORTS or self.plain_port not in PORTS:
            raise ValueError("EMOJI_MOCK_TLS_PORT or EMOJI_MOCK_PORT is no port")
        self.authority = environ.get("EMOJI_MOCK_CA", "")
        self.bundle = environ.get("EMOJI_MOCK_CA_BUNDLE", "")
        self.offline = environ.get("EMOJI_MOCK_OFFLINE", "").lower() in ON
        self._matches: Callable[[str], object] | None = None

    def is_vendor(self, host: Any) -> bool:
        """Return whether `host`, a text or bytes, is one of the vendor's."""
        if self._matches is None:
            self._matches = matcher(self.pattern)
        name = text(host)
        return name is not None and self._matches(name) is not None

    def looked_up(self, host: Any) -> Any:
        """Return what to look up in place of `host`."""
        if self.is_vendor(host):
            return MARKER
        if self.offline and not is_here(host):
            import _socket

            raise _socket.gaierror(_socket.EAI_NONAME, f"emoji-mock --offline refuses {text(host)}")
        return host

    def address(self, address: Any, socket: Any = None) -> Any:
        """Return where `socket` is to connect in place of `address`."""
        try:
            host, port = address[:2]
        except (TypeError, ValueError):
            return address  # not one of an internet family
        if host == MARKER or self.is_vendor(host):
            return (LOOPBACK, self.plain_port if port == HTTP_PORT else self.tls_port)
        if self.offline and not is_here(host) and is_tcp(socket):
            import errno

            raise ConnectionRefusedError(errno.ECONNREFUSED, f"emoji-mock --offline refuses {text(host)}")
        return address


def matcher(pattern: str) -> Callable[[str], object]:
    """Return a function that matches the vendor's hosts."""
    import re  # at the first look-up, as it takes longer than all the rest

    try:
        return re.compile(rf"(?:{pattern})\.?", re.IGNORECASE | re.ASCII).fullmatch
    except re.error as error:
        report(error)
        return re.compile(r"(?!)").fullmatch


def text(host: Any) -> str | None:
    """Return a host as text; None if it is no name or address of the internet."""
    if isinstance(host, (bytes, bytearray)):
        return host.decode("ascii", "replace")
    return host if isinstance(host, str) else None


def is_here(host: Any) -> bool:
    """Return whether `host` is this machine, or no host of the internet."""
    name = (text(host) or "").lower().rstrip(".")
    if name in ("", "localhost", "::1", "::", "0.0.0.0") or name.endswith(".localhost"):
        return True
    if name.rpartition(":")[2].startswith("127.") and name.replace("::ffff:", "").replace(".", "").isdigit():
        return True
    import _socket

    return name == _socket.gethostname().lower()


def is_tcp(socket: Any) -> bool:
    """Return whether `socket` is a TCP socket; a UDP socket may connect elsewhere, to a name server for instance."""
    import _socket

    if socket is None:
        return True
    return socket.type == _socket.SOCK_STREAM and socket.family in (_socket.AF_INET, _socket.AF_INET6)


def report(error: Exception) -> None:
    """Say in one line that calls may pass the fake."""
    if sys.stderr is not None:
        sys.stderr.write(f"emoji-mock: not all calls of this Python are sent to the fake: {error!r}\n")
