"""The interceptors by library, and a context manager that installs a fake behind all of them."""

from __future__ import annotations

import sys
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from emoji_mock._support import active_fakes
from emoji_mock._support.import_hooks import is_loading, when_any_imported

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

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

_ALL = MappingProxyType({**INTERCEPTORS, **NEIGHBOURS})
_NEIGHBOURS = frozenset(NEIGHBOURS.values())


def _names(by_library: Mapping[str, str]) -> Collection[str]:
    """Return the modules whose import leads to an interceptor.

    A program that imports an interceptor imports the library in the midst of it.
    """
    return dict.fromkeys([*by_library.values(), *by_library])


_ALL_NAMES = _names(_ALL)


class Interception:
    """A context manager: inside it `port` answers for the vendor in every library of `interceptors`.

    Enter it once. Interceptions may be nested; the innermost answers.
    """

    def __init__(self, port: FakePort, interceptors: Mapping[str, str] = INTERCEPTORS) -> None:
        self._port = port
        usual = interceptors is INTERCEPTORS
        self._by_library = _ALL if usual else {**interceptors, **NEIGHBOURS}
        self._names = _ALL_NAMES if usual else _names(self._by_library)
        self._awaited = set(self._by_library.values())
        self._undo: list[Callable[[], None]] = []
        self._left = False

    def __enter__(self) -> Self:
        try:
            self._undo.append(when_any_imported(self._names, self._install))
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

    def _install(self, imported: str) -> None:
        """Install the interceptor of the library `imported`, or the one that is the module `imported`."""
        module = self._by_library.get(imported, imported)
        if module not in self._awaited:
            return  # the other hook was faster
        loaded = sys.modules.get(module)
        if loaded is None or is_loading(loaded):
            loaded = import_module(module)
        name = "NEIGHBOUR" if module in _NEIGHBOURS else "INTERCEPTOR"
        if not hasattr(loaded, name) and is_loading(loaded):
            return  # its own hook follows
        try:
            self._awaited.remove(module)
        except KeyError:
            return  # likewise, during the import
        interceptor: Interceptor = getattr(loaded, name)
        uninstall = interceptor.install(self._port)
        if self._left:
            uninstall()  # the library was imported by another thread during the exit
        else:
            self._undo.append(uninstall)


def intercept(port: FakePort) -> Interception:
    """Return a context manager inside which `port` answers every call of this process to one of the vendor's hosts."""
    return Interception(port)
