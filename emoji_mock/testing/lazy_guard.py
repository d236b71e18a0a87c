"""Start the leak guard when a process first does what can lead to a call: most runs of pytest never need it.

The guard's audit hook alone costs a run that calls nobody more than all the rest of the plugin. So this module patches
only what comes before any call, and imports nothing that pytest does not load.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from functools import wraps
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    from emoji_mock.testing.leak_guard import LeakGuard

# Clients that open no socket of Python's, and libraries with sockets of their own: all modules of CHECKPOINTS.
_CLIENTS = frozenset(
    {
        "aiodns",
        "aiohttp.connector",
        "anyio._backends._asyncio",
        "anyio._backends._trio",
        "curl_cffi.aio",
        "curl_cffi.curl",
        "dns.asyncresolver",
        "dns.resolver",
        "eventlet.green.ssl",
        "eventlet.greenio.base",
        "eventlet.support.greendns",
        "gevent._socketcommon",
        "gevent.resolver",
        "gevent.resolver.thread",
        "gevent.ssl",
        "pycurl",
        "trio._highlevel_socket",
        "uvloop",
    }
)
# An event loop opens a socket when it is made, so asyncio need not be watched once it is loaded; TLS needs no socket.
WATCHED = _CLIENTS | {"asyncio.base_events", "socket", "ssl"}
"""The modules whose import starts the guard, if they are not loaded before."""
_FIRST_STEPS = (
    (socket, "getaddrinfo"),
    (socket, "gethostbyname"),
    (socket, "gethostbyname_ex"),
    (socket.socket, "__init__"),
    (os, "fork"),
    (os, "forkpty"),
)
_TLS = ("wrap_bio", "wrap_socket")


class LazyGuard:
    """The leak guard of a run, which is imported and installed by the first step towards a call."""

    def __init__(self) -> None:
        self._guard: LeakGuard | None = None
        self._state: tuple[str, bool] = ("an unknown caller", False)
        self._awaits = False
        self._patches: list[tuple[Any, str, Any, Any]] = []
        self._lock = threading.RLock()

    def watch(self) -> None:
        """Await the first step; if a client is loaded already, install the guard at once."""
        if not _CLIENTS.isdisjoint(sys.modules):
            self.start()
            return
        self._awaits = True
        sys.meta_path.insert(0, self)
        for owner, name in _FIRST_STEPS:
            self._patch(owner, name)
        if "ssl" in sys.modules:
            for name in _TLS:
                self._patch(sys.modules["ssl"].SSLContext, name)

    def start(self) -> LeakGuard:
        """Install the guard, unless it is, and return it."""
        with self._lock:
            if self._guard is None:
                self._unpatch()
                from emoji_mock.testing.leak_guard import LeakGuard  # noqa: PLC0415 - the reason of this module

                guard = LeakGuard()
                guard.where, guard.open = self._state
                guard.install()
                self._guard, self._awaits = guard, False
            return self._guard

    def step(self, where: str, *, is_open: bool = False) -> None:
        """Name the caller of calls from now on that have none on their stack, and say whether they are let through."""
        self._state = where, is_open
        if self._guard is not None:
            self._guard.where, self._guard.open = self._state

    def renew(self) -> None:
        """Patch again what somebody has put back since."""
        if self._guard is not None:
            self._guard.renew()

    def take(self) -> list[str]:
        """Return what was stopped since the last time."""
        return [] if self._guard is None else self._guard.take()

    @property
    def is_idle(self) -> bool:
        """Whether nothing has started the guard."""
        return self._guard is None

    def stop(self) -> None:
        """End the watch, or uninstall the guard."""
        self._awaits = False
        self._unpatch()
        if self._guard is not None:
            self._guard.uninstall()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Start the guard when a watched module is imported, which it then patches."""
        del path, target
        if fullname not in WATCHED or not self._awaits:
            return None
        self.start()
        if fullname in sys.modules:
            return None  # it is reloaded
        # The guard's own finder stands before this one, so it is not asked any more, unless all are asked again.
        return find_spec(fullname)

    def _patch(self, owner: Any, name: str) -> None:  # noqa: ANN401 - a module or a class
        original: Callable[..., Any] | None = getattr(owner, name, None)
        if original is None:  # on Windows
            return

        @wraps(original)
        def first_step(*given: Any, **named: Any) -> Any:  # noqa: ANN401
            if self._awaits:
                self.start()
            return original(*given, **named)

        setattr(owner, name, first_step)
        self._patches.append((owner, name, original, first_step))

    def _unpatch(self) -> None:
        patches, self._patches = self._patches, []
        for owner, name, original, ours in reversed(patches):
            if owner.__dict__.get(name) is ours:
                setattr(owner, name, original)
        if self in sys.meta_path:
            sys.meta_path.remove(self)
