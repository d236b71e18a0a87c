"""Intercept urllib3 below its pools, so that pools, retries and timeouts stay in use."""

from typing import Any

from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import NewConnectionError

from emoji_mock.interceptors.originals import own_class
from emoji_mock.interceptors.sockets import SocketInterceptor


def _connect_error(connection: Any, error: OSError) -> Exception:  # noqa: ANN401 - the library's
    return NewConnectionError(connection, f"Failed to establish a new connection: {error}")


INTERCEPTOR = SocketInterceptor(
    own_class("urllib3.connection", "HTTPConnection"),
    own_class("urllib3.connection", "HTTPSConnection"),
    (HTTPConnectionPool, "urlopen"),
    _connect_error,
)
