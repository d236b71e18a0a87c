"""The door for urllib3, and through it for botocore-like users; its pools, retries and timeouts stay in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError

from emoji_mock.interceptors.base import Interceptor
from emoji_mock.interceptors.sockets import seams

if TYPE_CHECKING:
    from emoji_mock.interceptors.base import Ask, Uninstall


def _not_taken(connection: Any, error: OSError) -> Exception:  # noqa: ANN401 - the library's
    return NewConnectionError(connection, f"Failed to establish a new connection: {error}")


_DOOR = Interceptor()
_DOOR.at(*seams(_DOOR, HTTPConnection, HTTPSConnection, _not_taken))


def install(ask: Ask) -> Uninstall:
    """Answer for the vendor's hosts with `ask` until the function that is returned has been called."""
    return _DOOR.install(ask)
