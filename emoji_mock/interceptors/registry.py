"""All doors at once: every HTTP client of this process meets the fake, whichever library it is built on."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self

from emoji_mock._support import active_fakes
from emoji_mock._support.import_hooks import when_imported
from emoji_mock.interceptors.base import asking

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.assembly import Fake
    from emoji_mock.interceptors.base import Ask

DOORS = {
    "http.client": "emoji_mock.interceptors.http_client",
    "urllib3": "emoji_mock.interceptors.urllib3",
    "requests": "emoji_mock.interceptors.requests",
    "httpx": "emoji_mock.interceptors.httpx",
    "httpx2": "emoji_mock.interceptors.httpx2",
    "aiohttp": "emoji_mock.interceptors.aiohttp",
}
"""Which door belongs to which library; a library that nobody has imported is left alone until somebody does."""


class Intercept:
    """A context manager that lets `ask` answer for the vendor in every library; use it once, nested as you like."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._undo: list[Callable[[], None]] = []
        self._left = False

    def __enter__(self) -> Self:
        try:
            for library, door in DOORS.items():
                self._undo.append(when_imported(library, partial(self._open, door)))
        except BaseException:
            self.__exit__()  # or the doors that are open already would stay so
            raise
        active_fakes.begin(self)
        return self

    def __exit__(self, *_: object) -> None:
        active_fakes.end(self)
        self._left = True
        undo, self._undo = self._undo, []
        for step in reversed(undo):
            step()

    def _open(self, name: str) -> None:
        door: Any = import_module(name)
        uninstall: Callable[[], None] = door.install(self._ask)
        if self._left:
            uninstall()  # imported by another thread while we were leaving
        else:
            self._undo.append(uninstall)


def intercept(fake: Fake) -> Intercept:
    """Return a context manager under which `fake` answers every call of this process to one of the vendor's hosts."""
    return Intercept(asking(fake))
