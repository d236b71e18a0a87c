"""The door for `http.client`, and through it for `urllib.request` and `xmlrpc`-like users of the standard library."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPSConnection
from typing import TYPE_CHECKING

from emoji_mock.interceptors.base import Interceptor
from emoji_mock.interceptors.sockets import seams

if TYPE_CHECKING:
    from emoji_mock.interceptors.base import Ask, Uninstall


def _not_taken(_: object, error: OSError) -> Exception:
    return error


_DOOR = Interceptor()
_DOOR.at(*seams(_DOOR, HTTPConnection, HTTPSConnection, _not_taken))


def install(ask: Ask) -> Uninstall:
    """Answer for the vendor's hosts with `ask` until the function that is returned has been called."""
    return _DOOR.install(ask)
