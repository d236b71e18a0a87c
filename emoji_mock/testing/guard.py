"""The leak guard: whoever looks up a host of the vendor's, past the fake, is stopped before a byte leaves.

It stands at name resolution and at connecting by name, through which every Python client goes; uvloop and C libraries,
which resolve names themselves, are not seen.
"""

from __future__ import annotations

import socket
import sys
import sysconfig
import traceback
from threading import Lock
from typing import TYPE_CHECKING, Any

from emoji_mock.contract.hosts import is_vendor_host

if TYPE_CHECKING:
    from collections.abc import Callable

_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
_RESOLVERS = ("getaddrinfo", "gethostbyname", "gethostbyname_ex")


class LeakError(OSError):
    """A call to the vendor that would have left this machine."""


class Guard:
    """Keeps every call to the vendor in; what was stopped is remembered until it is taken."""

    def __init__(self) -> None:
        self.open = False
        self._leaks: list[str] = []
        self._lock = Lock()
        self._put_back: list[tuple[Any, str, Any]] = []

    def install(self) -> None:
        """Stand guard."""
        for name in _RESOLVERS:
            self._wrap(socket, name, lambda arguments: arguments[0])
        for name in ("connect", "connect_ex"):
            self._wrap(socket.socket, name, lambda arguments: _name_in(arguments[1]))
        base_events = sys.modules.get("asyncio.base_events")
        if base_events is not None:  # here the caller is still on the stack; in the resolver's thread it is not
            self._wrap(base_events.BaseEventLoop, "getaddrinfo", lambda arguments: arguments[1])

    def uninstall(self) -> None:
        """Put everything back."""
        for owner, name, original in reversed(self._put_back):
            setattr(owner, name, original)
        self._put_back.clear()

    def take(self) -> list[str]:
        """Return what was stopped since the last time, one text each."""
        with self._lock:
            leaks, self._leaks = self._leaks, []
        return leaks

    def _wrap(self, owner: Any, name: str, host_of: Callable[[tuple[Any, ...]], Any]) -> None:  # noqa: ANN401
        original = getattr(owner, name)

        def guarded(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401
            host = host_of(arguments) if arguments else named.get("host")
            if not self.open:
                self._check(host)
            return original(*arguments, **named)

        self._put_back.append((owner, name, original))
        setattr(owner, name, guarded)

    def _check(self, host: object) -> None:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if not isinstance(name, str) or not is_vendor_host(name):
            return
        leak = f"{_caller()} tried to reach {name} past the fake"
        with self._lock:
            self._leaks.append(leak)
        raise LeakError(f"{leak}; no byte has left this machine")


def _name_in(address: object) -> object:
    return address[0] if isinstance(address, tuple) and address else None  # pyright: ignore[reportUnknownVariableType]


def _caller() -> str:
    frames = [frame for frame in traceback.extract_stack() if not frame.filename.startswith((*_LIBRARIES, "<"))]
    users = [frame for frame in frames if "emoji_mock" not in frame.filename]
    return f"{users[-1].filename}:{users[-1].lineno}" if users else "a library in a thread of its own"
