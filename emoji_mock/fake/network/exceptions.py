"""The exceptions that HTTP libraries raise when a connection fails, by name: no library is imported here."""

from typing import NamedTuple


class Raises(NamedTuple):
    """The name of the exception that each HTTP library raises; httpx2 has those of httpx under its own name."""

    httpx: str
    requests: str
    aiohttp: str
    urllib3: str
    http_client: str
    urllib: str


REFUSED = Raises(
    "ConnectError",
    "ConnectionError",
    "ClientConnectorError",
    "NewConnectionError",
    "ConnectionRefusedError",
    "URLError",
)
"""The connection is refused."""
RESET = Raises(
    "ReadError", "ConnectionError", "ClientOSError", "ProtocolError", "ConnectionResetError", "ConnectionResetError"
)
"""The connection is reset."""
DISCONNECTED = Raises(
    "RemoteProtocolError",
    "ConnectionError",
    "ServerDisconnectedError",
    "ProtocolError",
    "RemoteDisconnected",
    "RemoteDisconnected",
)
"""The connection is closed before a response."""
NOT_HTTP = Raises(
    "RemoteProtocolError", "ConnectionError", "ClientResponseError", "ProtocolError", "BadStatusLine", "BadStatusLine"
)
"""The response is not HTTP."""
INCOMPLETE = Raises(
    "RemoteProtocolError",
    "ChunkedEncodingError",
    "ClientPayloadError",
    "ProtocolError",
    "IncompleteRead",
    "IncompleteRead",
)
"""The connection is closed within the body."""
TIMEOUT = Raises("ReadTimeout", "ReadTimeout", "SocketTimeoutError", "ReadTimeoutError", "TimeoutError", "TimeoutError")
"""The read timeout is over before a response."""
TIMEOUT_IN_BODY = TIMEOUT._replace(requests="ConnectionError")
"""The read timeout is over within the body."""
