"""The connections of threads that may wait for the engine: the client `valkey`, whose pool is safe from any thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from valkey import BlockingConnectionPool, Connection, SSLConnection, UnixDomainSocketConnection, Valkey
from valkey.backoff import NoBackoff
from valkey.exceptions import ConnectionError as LostError
from valkey.exceptions import (
    NoPermissionError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
    ValkeyError,
)
from valkey.exceptions import TimeoutError as LateError
from valkey.retry import Retry

from emoji_mock.fake.store.ports import StoreUnavailableError
from emoji_mock.stores.valkey.address import CONNECT_SECONDS, REPLY_SECONDS
from emoji_mock.stores.valkey.connections.operation import EngineRefusesError, Operation, meaning_of
from emoji_mock.stores.valkey.problems import describe_problem

if TYPE_CHECKING:
    from emoji_mock.stores.valkey.address import StoreAddress

CONNECTIONS = 16
"""How many threads use the engine at once; others wait for a connection."""


def make_client(address: StoreAddress) -> Valkey:
    """Return a client for `address`. It repeats nothing by itself: what was lost may have taken effect."""
    settings: dict[str, Any] = {
        "db": address.database,
        "username": address.user or None,
        "password": address.password or None,
        "socket_timeout": REPLY_SECONDS,
        "socket_connect_timeout": CONNECT_SECONDS,
        "client_name": "emoji-mock",
        "retry": Retry(NoBackoff(), 0),
    }
    kind: Any = Connection
    if address.socket_path:
        kind, settings["path"] = UnixDomainSocketConnection, address.socket_path
        del settings["socket_connect_timeout"]
    else:
        settings |= {"host": address.host, "port": address.port}
        if address.is_tls:
            kind, settings["ssl_check_hostname"] = SSLConnection, True
            settings["ssl_ca_certs"] = address.ca_file or None
    make_pool: Any = BlockingConnectionPool  # the client is typed in part
    pool = make_pool(max_connections=CONNECTIONS, timeout=REPLY_SECONDS, connection_class=kind, **settings)
    return Valkey(connection_pool=pool)


class ThreadConnections:
    """Runs operations and waits for their replies, in any thread."""

    def __init__(self, address: StoreAddress) -> None:
        self._address = address
        self.client: Any = make_client(address)

    def run(self, operation: Operation) -> Any:  # noqa: ANN401 - any reply of the engine
        """Return the reply. Raises StoreUnavailableError, StaleStateError."""
        try:
            try:
                reply = self.client.execute_command(*operation.command())
            except NoScriptError:
                reply = self.client.execute_command(*operation.command(whole=True))
            return reply[0] if operation.script.each else reply
        except (NoPermissionError, OutOfMemoryError, ReadOnlyError) as error:  # they have no code before their message
            raise EngineRefusesError(describe_problem(error, self._address)) from None
        except (LostError, LateError) as error:
            raise StoreUnavailableError(describe_problem(error, self._address)) from None
        except ResponseError as error:
            raise meaning_of(str(error), self._address) from None
        except ValkeyError as error:
            raise StoreUnavailableError(f"the store at {self._address}: {error}") from None
