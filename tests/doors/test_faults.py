"""A fault ends in the exception that the library itself raises when the network does that."""

import pytest

from emoji_mock.contract.exchange import Fault
from emoji_mock.doors.intercept import Intercept

KINDS = ("reset", "empty_reply", "truncated_body", "garbage", "stall", "refused", "timeout")
_HTTPX = ("ReadError", "RemoteProtocolError", "RemoteProtocolError", "RemoteProtocolError", "ReadTimeout", "ConnectError", "ReadTimeout")  # fmt: skip
_HTTP_CLIENT = ("ConnectionResetError", "RemoteDisconnected", "IncompleteRead", "BadStatusLine", "TimeoutError", "ConnectionRefusedError", "TimeoutError")  # fmt: skip
_URLLIB = ("ConnectionResetError", "RemoteDisconnected", "IncompleteRead", "BadStatusLine", "TimeoutError", "URLError", "TimeoutError")  # fmt: skip
_URLLIB3 = ("ProtocolError", "ProtocolError", "ProtocolError", "ProtocolError", "ReadTimeoutError", "NewConnectionError", "ReadTimeoutError")  # fmt: skip
_REQUESTS = ("ConnectionError", "ConnectionError", "ChunkedEncodingError", "ConnectionError", "ConnectionError", "ConnectionError", "ReadTimeout")  # fmt: skip
_AIOHTTP = ("ClientOSError", "ServerDisconnectedError", "ClientPayloadError", "ClientResponseError", "SocketTimeoutError", "ClientConnectorError", "SocketTimeoutError")  # fmt: skip

EXPECTED = {
    "httpx": ("httpx", _HTTPX),
    "httpx-asyncio": ("httpx", _HTTPX),
    "httpx-trio": ("httpx", _HTTPX),
    "httpx2": ("httpx2", _HTTPX),
    "httpx2-asyncio": ("httpx2", _HTTPX),
    "httpx2-trio": ("httpx2", _HTTPX),
    "requests": ("requests.exceptions", _REQUESTS),
    "urllib3": ("urllib3.exceptions", _URLLIB3),
    "http.client": (None, _HTTP_CLIENT),
    "urllib.request": (None, _URLLIB),
    "aiohttp": ("aiohttp.client_exceptions", _AIOHTTP),
}


@pytest.mark.parametrize(("number", "kind"), list(enumerate(KINDS)))
@pytest.mark.parametrize("name", EXPECTED)
def test_a_fault_is_the_librarys_own_exception(name, number, kind, clients, good):
    """Each library raises its own exception for each fault."""
    home, names = EXPECTED[name]
    with Intercept(lambda _: Fault(kind)), pytest.raises(Exception) as caught:
        clients[name](*good)
    assert type(caught.value).__name__ == names[number]
    assert home is None or type(caught.value).__module__ == home


def test_a_fault_that_no_door_knows_is_a_mistake(client, good):
    """An unknown kind of fault is refused, and the message names those that there are."""
    with Intercept(lambda _: Fault("flood")), pytest.raises(Exception, match=r"flood.*empty_reply.*reset"):
        client(*good)


def test_a_client_can_call_again_after_a_fault(client, good, ask):
    """After a fault the next call gets its answer."""
    with Intercept(ask), Intercept(lambda _: Fault("reset")), pytest.raises(Exception):  # noqa: B017
        client(*good)
    with Intercept(ask):
        assert client(*good).status == 200
