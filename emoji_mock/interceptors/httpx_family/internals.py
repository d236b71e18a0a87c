"""All use of internals of httpx and httpcore: a client's choice of a transport, the places of a pool, lists of headers.

None has a public way. Neither library is imported here. `INTERNALS` names what is used; a test checks it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Headers

CHOOSE_TRANSPORT = "_transport_for_url"
"""The method by which a client chooses its transport for a URL; whatever other tools put in its place is passed by."""
PLACES = (
    "_assign_requests_to_connections",
    "_close_connections",
    "_connections",
    "_max_connections",
    "_optional_thread_lock",
    "_requests",
)
"""The attributes of a pool by which a connection takes a place in it. Where one is missing, httpcore assigns places."""
HEADERS = "_list"
"""The list of names, lower-case names and values in headers, all of them encoded."""
INTERNALS = (
    "HTTPTransport._pool",
    "AsyncHTTPTransport._pool",
    "ConnectionPool._retries",
    "AsyncConnectionPool._retries",
    f"Client.{CHOOSE_TRANSPORT}",
    f"AsyncClient.{CHOOSE_TRANSPORT}",
    *[f"{pool}.{name}" for pool in ("ConnectionPool", "AsyncConnectionPool") for name in PLACES],
    f"Headers.{HEADERS}",
)


def pool_of(transport: Any) -> Any:  # noqa: ANN401 - the library's
    """Return the connection pool of an HTTPTransport, or None if a subclass has none."""
    return getattr(transport, "_pool", None)


def retries_of(pool: Any) -> int:  # noqa: ANN401 - the library's
    """Return how often `pool` tries again to connect."""
    return getattr(pool, "_retries", 0)


def has_places(pool: Any) -> bool:  # noqa: ANN401 - the library's
    """Return whether `pool` has every one of `PLACES`."""
    return all(hasattr(pool, name) for name in PLACES)


def take_place(pool: Any, connection: object) -> bool:  # noqa: ANN401 - the library's
    """Put `connection` into `pool` if there is a free place; then none waits for one. Return whether there was."""
    with pool._optional_thread_lock:  # noqa: SLF001 - see above
        free: bool = len(pool._connections) < pool._max_connections  # noqa: SLF001
        if free:
            pool._connections.append(connection)  # noqa: SLF001
        return free


def leave_place(pool: Any, connection: object) -> list[Any]:  # noqa: ANN401 - the library's
    """Take `connection` out of `pool`, and let the pool assign its place. Return the connections that are to close."""
    with pool._optional_thread_lock:  # noqa: SLF001 - see above
        if connection in pool._connections:  # noqa: SLF001 - it is not if the pool was closed
            pool._connections.remove(connection)  # noqa: SLF001
        closing: list[Any] = pool._assign_requests_to_connections() if pool._requests else []  # noqa: SLF001
        return closing


def close_connections(pool: Any, closing: list[Any]) -> Any:  # noqa: ANN401 - the library's
    """Close connections that `pool` has dropped; return what an async pool has to await."""
    return pool._close_connections(closing)  # noqa: SLF001 - see above


def has_header_list(kind: Any) -> bool:  # noqa: ANN401 - the library's class of headers
    """Return whether headers keep their list as `fill_headers` makes it."""
    made: object = getattr(kind([(b"A", b"b")]), HEADERS, None)
    return made == [(b"A", b"a", b"b")]


def fill_headers(headers: Any, pairs: Headers) -> None:  # noqa: ANN401 - likewise
    """Put `pairs` into empty `headers`. Their names are encoded once; the class itself looks at each twice."""
    filled = getattr(headers, HEADERS)
    for name, value in pairs:  # an unpacking in a comprehension takes twice as long
        encoded, lower = _encoded(name)
        filled.append((encoded, lower, value.encode("latin-1")))


@lru_cache(maxsize=256)
def _encoded(name: str) -> tuple[bytes, bytes]:
    encoded = name.encode("ascii")
    return encoded, encoded.lower()
