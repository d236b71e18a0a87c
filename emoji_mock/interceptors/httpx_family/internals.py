"""All use of internals of httpx and httpcore: the pool of a transport, how often a pool tries, a client's transport.

None has a public way. Neither library is imported here. `INTERNALS` names what is used; a test checks it.
"""

from __future__ import annotations

from typing import Any

CHOOSE_TRANSPORT = "_transport_for_url"
"""The method by which a client chooses its transport for a URL; whatever other tools put in its place is passed by."""
INTERNALS = (
    "HTTPTransport._pool",
    "AsyncHTTPTransport._pool",
    "ConnectionPool._retries",
    "AsyncConnectionPool._retries",
    f"Client.{CHOOSE_TRANSPORT}",
    f"AsyncClient.{CHOOSE_TRANSPORT}",
)


def pool_of(transport: Any) -> Any:  # noqa: ANN401 - the library's
    """Return the connection pool of an HTTPTransport, or None if a subclass has none."""
    return getattr(transport, "_pool", None)


def retries_of(pool: Any) -> int:  # noqa: ANN401 - the library's
    """Return how often `pool` tries again to connect."""
    return getattr(pool, "_retries", 0)
