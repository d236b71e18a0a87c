"""The door for httpx and for httpx2, which differ in nothing but their name; neither is imported here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emoji_mock.contract.exchange import Fault, Reply, Request, Response
from emoji_mock.contract.hosts import is_vendor_host
from emoji_mock.fake.network.script import End, Script, framed, script
from emoji_mock.interceptors import _respx_routers
from emoji_mock.interceptors.base import Interceptor, Patch, by_scheme
from emoji_mock.interceptors.waiting import ask_async, drive, drive_async, wait, wait_async, waited_out

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator, Iterator

    from emoji_mock.interceptors.base import Ask, Uninstall
    from emoji_mock.interceptors.waiting import Waits

_VERSION = {"http_version": b"HTTP/1.1"}

# The words are those of httpcore, h11 and the system for the real thing.
_TIME_IS_UP = ("ReadTimeout", "The read operation timed out")
_SILENT = {
    "refused": ("ConnectError", "[Errno 111] Connection refused"),
    "close": ("RemoteProtocolError", "Server disconnected without sending a response."),
    "reset": ("ReadError", "[Errno 104] Connection reset by peer"),
    "empty_reply": ("RemoteProtocolError", "Server disconnected without sending a response."),
    "stall": ("RemoteProtocolError", "Server disconnected without sending a response."),
    "garbage": ("RemoteProtocolError", "illegal status line: bytearray(b'\\x16\\x03\\x01 this is not HTTP')"),
}
"""How a call ends in which no answer begins."""


class HttpxLike:
    """How one library of the family is talked to: its requests read, its responses made, its exceptions raised."""

    def __init__(self, library: Any) -> None:  # noqa: ANN401 - a module
        self._library = library
        self._slow_body = _slow_body(library)
        self.door = Interceptor()
        self._known_to_respx = library.__name__ == "httpx"
        self._older: frozenset[int] = frozenset()
        self.door.at(
            Patch(library.HTTPTransport, "handle_request", self._sync),
            Patch(library.AsyncHTTPTransport, "handle_async_request", self._async),
        )

    def install(self, ask: Ask) -> Uninstall:
        """Answer with `ask` until the function that is returned was called; a respx router started later goes first."""
        self._older = frozenset(map(id, _respx_routers.started()))
        return self.door.install(ask)

    def _is_mocked(self, request: Any) -> bool:  # noqa: ANN401 - the library's
        return self._known_to_respx and _respx_routers.speak_of(request, self._older)

    def handler(self, ask: Ask) -> Callable[[Any], Any]:
        """Return what the library's `MockTransport` takes: a function that answers a request to any host."""

        def handle(request: Any) -> Any:  # noqa: ANN401 - the library's
            return self._answered(request, ask)

        return handle

    def async_handler(self, ask: Ask) -> Callable[[Any], Any]:
        """Return the same as a coroutine function, which lets others run while it waits."""

        async def handle(request: Any) -> Any:  # noqa: ANN401 - the library's
            return await drive_async(ask, self.exchange(request, await ask_async(ask, _request(request)), ask))

        return handle

    def transport(self, ask: Ask) -> Any:  # noqa: ANN401 - a MockTransport of the library
        """Return a transport that answers every request with `ask`, for a sync or an async client."""
        sync_handler, async_handler = self.handler(ask), self.async_handler(ask)
        mock_transport: Any = self._library.MockTransport

        class FakeTransport(mock_transport):  # type: ignore[misc]  # a base known at run time only
            """Asks the fake."""

            async def handle_async_request(self, request: Any) -> Any:  # noqa: ANN401
                await request.aread()
                return await async_handler(request)

        return FakeTransport(sync_handler)

    def _answered(self, request: Any, ask: Ask) -> Any:  # noqa: ANN401 - the library's, its body read
        reply = ask(_request(request))
        if isinstance(reply, Response) and not reply.delay:  # most are, and need nobody to wait
            return self._whole(request, reply)
        return drive(ask, self.exchange(request, reply, ask))

    def exchange(self, request: Any, reply: Reply, ask: Ask) -> Waits:  # noqa: ANN401 - the library's, its body read
        """Yield how long `request` has to wait, and return the library's response or raise its exception."""
        if not isinstance(reply, Fault):
            if reply.delay:
                yield from self._patiently(request, reply.delay)
                waited_out(ask, reply.number)
            return self._whole(request, reply)
        answer = script(request.method, reply)
        if reply.kind in _SILENT:
            yield from self._patiently(request, answer.silence or reply.delay)
            waited_out(ask, answer.number)
            raise self._error(request, *_SILENT[reply.kind])
        yield from self._patiently(request, reply.delay)
        headers, _ = framed(request.method, reply.spoilt)
        stream = self._slow_body(ask, self._parts(request, reply, answer, ask))
        return self._library.Response(reply.spoilt.status, headers=headers, stream=stream, extensions=_VERSION)

    def _parts(self, request: Any, fault: Fault, answer: Script, ask: Ask) -> Generator[float | bytes]:  # noqa: ANN401
        got = 0
        for step in answer.steps[1:]:
            yield from self._patiently(request, step.after)
            yield step.data
            got += len(step.data)
        if answer.end is not End.KEEP:
            yield from self._patiently(request, answer.silence)
            waited_out(ask, answer.number)
            lost = f"(received {got} bytes, expected {len(fault.spoilt.body)})"
            message = f"peer closed connection without sending complete message body {lost}"
            raise self._error(request, "RemoteProtocolError", message)

    def _whole(self, request: Any, reply: Response) -> Any:  # noqa: ANN401
        library = self._library
        headers, body = framed(request.method, reply)
        encoded = [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers]  # or httpx looks twice
        response = library.Response(reply.status, headers=encoded, stream=library.ByteStream(body), extensions=_VERSION)
        response.headers.encoding = "ascii"  # or each look at a header first tries to decode them all
        return response

    def _patiently(self, request: Any, seconds: float) -> Generator[float]:  # noqa: ANN401
        timeouts: dict[str, float | None] = request.extensions.get("timeout") or {}
        patience = timeouts.get("read")
        if patience is not None and seconds >= patience:
            yield patience
            raise self._error(request, *_TIME_IS_UP)
        yield seconds

    def _error(self, request: Any, name: str, message: str) -> Exception:  # noqa: ANN401
        error: Exception = getattr(self._library, name)(message, request=request)
        return error

    def _sync(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def handle_request(transport: Any, request: Any) -> Any:  # noqa: ANN401
            ask = self.door.ask
            if ask is None or not is_vendor_host(request.url.host):
                return original(transport, request)
            request.read()
            if self._is_mocked(request):
                return original(transport, request)
            return self._answered(request, ask)

        return handle_request

    def _async(self, original: Callable[..., Any]) -> Callable[..., Any]:
        async def handle_async_request(transport: Any, request: Any) -> Any:  # noqa: ANN401
            ask = self.door.ask
            if ask is None or not is_vendor_host(request.url.host):
                return await original(transport, request)
            await request.aread()
            if self._is_mocked(request):
                return await original(transport, request)
            return await drive_async(ask, self.exchange(request, await ask_async(ask, _request(request)), ask))

        return handle_async_request


def _request(request: Any) -> Request:  # noqa: ANN401 - the library's, its body read
    headers = tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw])
    asked = Request(request.method, request.url.raw_path.decode("ascii"), headers, request.content)
    return by_scheme(asked, request.url.scheme, request.url.netloc.decode("ascii"))


def _slow_body(library: Any) -> type[Any]:  # noqa: ANN401 - a module
    sync_stream: Any = library.SyncByteStream
    async_stream: Any = library.AsyncByteStream

    class SlowBody(sync_stream, async_stream):  # type: ignore[misc]  # bases known at run time only
        """A body that comes in pieces, with seconds to wait in between, or breaks off."""

        def __init__(self, ask: Ask, parts: Generator[float | bytes]) -> None:
            self._ask, self._parts = ask, parts

        def __iter__(self) -> Iterator[bytes]:
            for part in self._parts:
                if isinstance(part, bytes):
                    yield part
                else:
                    wait(self._ask, part)

        async def __aiter__(self) -> AsyncIterator[bytes]:
            for part in self._parts:
                if isinstance(part, bytes):
                    yield part
                else:
                    await wait_async(self._ask, part)

    return SlowBody
