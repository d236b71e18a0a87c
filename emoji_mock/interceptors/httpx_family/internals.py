"""All use of internals of httpx and httpcore: the pool of a transport, and how often a pool tries to connect.

Neither has a public way. Neither is imported here. `INTERNALS` names what is used; a test checks it.
"""

from __future__ import annotations

from typing import Any

INTERNALS = (
    "HTTPTransport._pool",
    "AsyncHTTPTransport._pool",
    "ConnectionPool._retries",
    "AsyncConnectionPool._retries",
)


def pool_of(transport: Any) -> Any:  # noqa: ANN401 - the library's
    """Return the connection pool of an HTTPTransport, or None if a subclass has none."""
    return getattr(transport, "_pool", None)


def retries_of(pool: Any) -> int:  # noqa: ANN401 - the library's
    """Return how often `pool` tries again to connect."""
    return getattr(pool, "_retries", 0)
