"""Answer requests of httpx or httpx2 with the library's own responses and exceptions; the library is a parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emoji_mock.contract.exchange import Fault, Reply, Request, Response, new_tuple
from emoji_mock.fake.network.faults import FAULTS, End, FaultKind, FaultRow, Sends
from emoji_mock.fake.network.script import Script, framed, script
from emoji_mock.interceptors.base import with_scheme
from emoji_mock.interceptors.httpx_family import internals
from emoji_mock.interceptors.httpx_family.bodies import slow_body
from emoji_mock.interceptors.waiting import ask_async, ask_bounded, drive, drive_async, waited_out

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from emoji_mock.fake.port import FakePort
    from emoji_mock.interceptors.waiting import Waits

_VERSION = {"http_version": b"HTTP/1.1"}

# The messages are those of httpcore, h11 and the operating system on a real connection.
_MESSAGES = {
    End.REFUSE: "[Errno 111] Connection refused",
    End.RESET: "[Errno 104] Connection reset by peer",
    End.CLOSE: "Server disconnected without sending a response.",
}
_NOT_HTTP = "illegal status line: bytearray(b'\\x16\\x03\\x01 this is not HTTP')"


class HttpxAnswers:
    """The answers to requests of one library of the family, whose body has been read."""

    def __init__(self, library: Any) -> None:  # noqa: ANN401 - a module
        self.library = library
        self._slow_body = slow_body(library)
        self._has_header_list = internals.has_header_list(library.Headers)

    def handler(self, port: FakePort) -> Callable[[Any], Any]:
        """Return a function for the library's `MockTransport`: it answers a request to any host."""

        def handle(request: Any) -> Any:  # noqa: ANN401 - the library's
            return self.answer(request, port)

        return handle

    def async_handler(self, port: FakePort) -> Callable[[Any], Any]:
        """Return the same as a coroutine function, which waits without blocking the event loop."""

        async def handle(request: Any) -> Any:  # noqa: ANN401 - the library's
            return await self.answer_async(request, port)

        return handle

    def transport(self, port: FakePort) -> Any:  # noqa: ANN401 - a MockTransport of the library
        """Return a transport that answers every request with `port`, for a sync or an async client."""
        sync_handler, async_handler = self.handler(port), self.async_handler(port)
        mock_transport: Any = self.library.MockTransport

        class FakeTransport(mock_transport):  # type: ignore[misc]  # a base known at run time only
            """A `MockTransport` whose async side waits without blocking the event loop."""

            async def handle_async_request(self, request: Any) -> Any:  # noqa: ANN401
                await request.aread()
                return await async_handler(request)

        return FakeTransport(sync_handler)

    def answer(self, request: Any, port: FakePort) -> Any:  # noqa: ANN401 - the library's
        """Return the response of `port` to `request`, or raise the exception of its fault."""
        reply = ask_bounded(port, _request(request))
        if isinstance(reply, Response) and not reply.delay:  # the usual case, without a wait
            return self._response(request, reply)
        return drive(port, self._exchange(request, reply, port))

    async def answer_async(self, request: Any, port: FakePort) -> Any:  # noqa: ANN401 - likewise
        """Return it, or raise it, without blocking the event loop."""
        reply = await ask_async(port, _request(request))
        if isinstance(reply, Response) and not reply.delay:
            return self._response(request, reply)
        return await drive_async(port, self._exchange(request, reply, port))

    def _exchange(self, request: Any, reply: Reply, port: FakePort) -> Waits:  # noqa: ANN401 - likewise
        """Yield how long to wait, then return the library's response or raise its exception."""
        if not isinstance(reply, Fault):
            yield from self._wait(request, reply.delay)
            waited_out(port, reply.number)
            return self._response(request, reply)
        answer = script(request.method, reply)
        row = FAULTS[FaultKind(reply.kind)]
        if row.sends.before_response:
            yield from self._wait(request, answer.silence or reply.delay)
            waited_out(port, answer.number)
            raise self._fault(request, row, _NOT_HTTP if row.sends is Sends.GARBAGE else _MESSAGES[row.end])
        yield from self._wait(request, reply.delay)
        headers, _ = framed(request.method, reply.response)
        stream = self._slow_body(port, self._parts(request, row, len(reply.response.body), answer, port))
        return self.library.Response(reply.response.status, headers=headers, stream=stream, extensions=_VERSION)

    def _parts(
        self,
        request: Any,  # noqa: ANN401
        row: FaultRow,
        size: int,
        answer: Script,
        port: FakePort,
    ) -> Generator[float | bytes]:
        received = 0
        for step in answer.steps[1:]:
            yield from self._wait(request, step.after)
            yield step.data
            received += len(step.data)
        if answer.end is not End.KEEP:
            yield from self._wait(request, answer.silence)
            waited_out(port, answer.number)
            sizes = f"(received {received} bytes, expected {size})"
            message = f"peer closed connection without sending complete message body {sizes}"
            raise self._fault(request, row, message)

    def _response(self, request: Any, reply: Response) -> Any:  # noqa: ANN401
        headers, body = framed(request.method, reply)
        stream = self.library.ByteStream(body)
        response = self.library.Response(reply.status, stream=stream, extensions=_VERSION)
        if self._has_header_list:
            internals.fill_headers(response.headers, headers)
        else:
            pairs = [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers]
            response.headers = self.library.Headers(pairs)
        if "".join([value for _, value in headers]).isascii():
            response.headers.encoding = "ascii"  # or each look at one would first try to decode them all
        return response

    def _wait(self, request: Any, seconds: float) -> Generator[float]:  # noqa: ANN401
        timeouts: dict[str, float | None] = request.extensions.get("timeout") or {}
        read_timeout = timeouts.get("read")
        if read_timeout is not None and seconds >= read_timeout:
            yield read_timeout
            raise self._error(request, "ReadTimeout", "The read operation timed out")
        yield seconds

    def _fault(self, request: Any, row: FaultRow, message: str) -> Exception:  # noqa: ANN401
        assert row.raises is not None  # noqa: S101 - the connection ends, so no response comes
        return self._error(request, row.raises.httpx, message)

    def _error(self, request: Any, name: str, message: str) -> Exception:  # noqa: ANN401
        error: Exception = getattr(self.library, name)(message, request=request)
        return error


def _request(request: Any) -> Request:  # noqa: ANN401 - the library's, its body read
    headers = tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw])
    url = request.url
    read = new_tuple(Request, (request.method, url.raw_path.decode("ascii"), headers, request.content))
    return with_scheme(read, url.scheme, url.netloc.decode("ascii"))
