"""The interceptors by library, and a context manager that installs a fake behind all of them."""

from __future__ import annotations

import sys
from functools import partial
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from emoji_mock._support import active_fakes
from emoji_mock._support.import_hooks import is_loading, when_imported

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emoji_mock.fake.port import FakePort
    from emoji_mock.interceptors.base import Interceptor

INTERCEPTORS: Mapping[str, str] = MappingProxyType(
    {
        "http.client": "emoji_mock.interceptors.http_client",
        "urllib3": "emoji_mock.interceptors.urllib3",
        "requests": "emoji_mock.interceptors.requests",
        "httpx": "emoji_mock.interceptors.httpx",
        "httpx2": "emoji_mock.interceptors.httpx2",
        "aiohttp": "emoji_mock.interceptors.aiohttp",
    }
)
"""Each HTTP library, and the module whose `INTERCEPTOR` intercepts it. Loaded when the program imports the library."""


NEIGHBOURS: Mapping[str, str] = MappingProxyType(
    {
        "responses": "emoji_mock.interceptors.neighbours.responses",
        "requests_mock": "emoji_mock.interceptors.neighbours.requests_mock",
        "pytest_httpx": "emoji_mock.interceptors.neighbours.pytest_httpx",
        "aioresponses": "emoji_mock.interceptors.neighbours.aioresponses",
        "pook": "emoji_mock.interceptors.neighbours.pook",
        "vcr": "emoji_mock.interceptors.neighbours.vcr",
    }
)
"""Each other mocker beside which the fake answers, and the module whose `NEIGHBOUR` intercepts it."""

_NEIGHBOURS = frozenset(NEIGHBOURS.values())


class Interception:
    """A context manager: inside it `port` answers for the vendor in every library of `interceptors`.

    Enter it once. Interceptions may be nested; the innermost answers.
    """

    def __init__(self, port: FakePort, interceptors: Mapping[str, str] = INTERCEPTORS) -> None:
        self._port, self._interceptors = port, {**interceptors, **NEIGHBOURS}
        self._awaited = set(self._interceptors.values())
        self._undo: list[Callable[[], None]] = []
        self._left = False

    def __enter__(self) -> Self:
        try:
            for library, module in self._interceptors.items():
                if module not in sys.modules:  # a program that imports it imports the library in the midst of it
                    self._undo.append(when_imported(module, partial(self._install, module)))
                self._undo.append(when_imported(library, partial(self._install, module)))
        except BaseException:
            self.__exit__()  # or the interceptors that are installed already would stay so
            raise
        active_fakes.begin(self)
        return self

    def __exit__(self, *_: object) -> None:
        active_fakes.end(self)
        self._left = True
        undo, self._undo = self._undo, []
        for step in reversed(undo):
            step()

    def _install(self, module: str) -> None:
        loaded, name = import_module(module), "NEIGHBOUR" if module in _NEIGHBOURS else "INTERCEPTOR"
        if not hasattr(loaded, name) and is_loading(loaded):
            return  # its own hook follows
        try:
            self._awaited.remove(module)
        except KeyError:
            return  # the other hook was faster
        interceptor: Interceptor = getattr(loaded, name)
        uninstall = interceptor.install(self._port)
        if self._left:
            uninstall()  # the library was imported by another thread during the exit
        else:
            self._undo.append(uninstall)


def intercept(port: FakePort) -> Interception:
    """Return a context manager inside which `port` answers every call of this process to one of the vendor's hosts."""
    return Interception(port)
