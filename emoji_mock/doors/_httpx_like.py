"""The door for httpx and for httpx2, which differ in nothing but their name; neither is imported here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emoji_mock.contract.exchange import Fault, Reply, Request
from emoji_mock.contract.hosts import is_vendor_host
from emoji_mock.doors._door import Door, Seam, framed, unknown
from emoji_mock.doors._wire import TRUNCATED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from emoji_mock.doors._door import Ask

_VERSION = {"http_version": b"HTTP/1.1"}
_PART = TRUNCATED.partition(b"\r\n\r\n")[2]

# The words are those of httpcore, h11 and the system for the real thing.
_BEFORE = {
    "reset": ("ReadError", "[Errno 104] Connection reset by peer"),
    "empty_reply": ("RemoteProtocolError", "Server disconnected without sending a response."),
    "garbage": ("RemoteProtocolError", "illegal status line: bytearray(b'\\x16\\x03\\x01 this is not HTTP')"),
    "refused": ("ConnectError", "[Errno 111] Connection refused"),
    "timeout": ("ReadTimeout", "The read operation timed out"),
}
"""Faults that come instead of an answer."""
_WITHIN = {
    "truncated_body": (
        "RemoteProtocolError",
        f"peer closed connection without sending complete message body (received {len(_PART)} bytes, expected 180)",
    ),
    "stall": ("ReadTimeout", "The read operation timed out"),
}
"""Faults that come while the body is read."""


class HttpxLike:
    """How one library of the family is talked to: its requests read, its responses made, its exceptions raised."""

    def __init__(self, library: Any) -> None:  # noqa: ANN401 - a module
        self._library = library
        self._broken = _broken_body(library)
        self.door = Door()
        self.door.at(
            Seam(library.HTTPTransport, "handle_request", self._sync),
            Seam(library.AsyncHTTPTransport, "handle_async_request", self._async),
        )

    def handler(self, ask: Ask) -> Callable[[Any], Any]:
        """Return what the library's `MockTransport` takes: a function that answers a request to any host."""

        def handle(request: Any) -> Any:  # noqa: ANN401 - the library's
            return self.response(request, ask(_request(request)))

        return handle

    def response(self, request: Any, reply: Reply) -> Any:  # noqa: ANN401 - the library's
        """Return the library's response to its `request`, or raise its exception."""
        library = self._library
        if not isinstance(reply, Fault):
            headers, body = framed(request.method, reply)
            response = library.Response(
                reply.status, headers=headers, stream=library.ByteStream(body), extensions=_VERSION
            )
            response.headers.encoding = "ascii"  # or each look at a header first tries to decode them all
            return response
        if reply.kind in _BEFORE:
            name, message = _BEFORE[reply.kind]
            raise getattr(library, name)(message, request=request)
        if reply.kind not in _WITHIN:
            raise unknown(reply, (*_BEFORE, *_WITHIN))
        name, message = _WITHIN[reply.kind]
        stream = self._broken(getattr(library, name)(message, request=request))
        headers = (("content-type", "application/json"), ("content-length", "180"))
        return library.Response(200, headers=headers, stream=stream, extensions=_VERSION)

    def _sync(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def handle_request(transport: Any, request: Any) -> Any:  # noqa: ANN401
            ask = self.door.ask
            if ask is None or not is_vendor_host(request.url.host):
                return original(transport, request)
            request.read()
            return self.response(request, ask(_request(request)))

        return handle_request

    def _async(self, original: Callable[..., Any]) -> Callable[..., Any]:
        async def handle_async_request(transport: Any, request: Any) -> Any:  # noqa: ANN401
            ask = self.door.ask
            if ask is None or not is_vendor_host(request.url.host):
                return await original(transport, request)
            await request.aread()
            return self.response(request, ask(_request(request)))

        return handle_async_request


def _request(request: Any) -> Request:  # noqa: ANN401 - the library's, its body read
    headers = tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw])
    return Request(request.method, request.url.raw_path.decode("ascii"), headers, request.content)


def _broken_body(library: Any) -> type[Any]:  # noqa: ANN401 - a module
    sync_stream: Any = library.SyncByteStream
    async_stream: Any = library.AsyncByteStream

    class BrokenBody(sync_stream, async_stream):  # type: ignore[misc]  # bases known at run time only
        """A body that begins, and then fails."""

        def __init__(self, error: Exception) -> None:
            self._error = error

        def __iter__(self) -> Iterator[bytes]:
            yield _PART
            raise self._error

        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield _PART
            raise self._error

    return BrokenBody
