"""The ASGI application: the fake answers the vendor's API; FastAPI serves the manual and the control API.

FastAPI is imported when one of its pages is first requested, so calls to the vendor's API never wait for it.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from emoji_mock.contract.endpoint import API_PREFIX
from emoji_mock.contract.exchange import Fault, Reply, Request, Response, SocketRequest
from emoji_mock.contract.rows import service
from emoji_mock.fake.network.addresses import SERVER, read_address
from emoji_mock.fake.network.faults import End
from emoji_mock.fake.network.script import Script, TimedBytes, script, serialise
from emoji_mock.fake.port import ask, may_hold_picture
from emoji_mock.server.pages import is_for_vendor, is_own

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from emoji_mock.fake.port import Preparation
    from emoji_mock.server.control.steered import SteeredFake

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Message, Receive, Send], Awaitable[None]]

SMALL_BODY = 64 * 1024
"""The largest body, in bytes, that is answered in the event loop; for a larger one, or a picture, a thread answers."""
DRAINED = 64 * 1024 * 1024
"""How many bytes of a body that is too large are read and dropped, so that its sender can read the answer."""
BODY_SECONDS = 60.0
"""How long a body may take to arrive."""
VIDEOS_AT_ONCE = 2
"""How many threads make videos."""
BUFFERED = 256 * 1024 * 1024
"""How many bytes of unfinished bodies are kept at any time; a caller beyond it gets the vendor's overload error."""
RAW_TARGET = "emoji_mock.target"
"""The ASGI extension in which our protocol passes the raw target of a vendor call."""
PLAY_FAULT = "emoji_mock.acting"
"""The ASGI extension in which our protocol passes the function that plays a fault, and `may_wait`."""


class Front:
    """An ASGI application that answers for the vendor with `fake`, and serves the manual and the control API."""

    def __init__(self, fake: SteeredFake) -> None:
        self.fake = fake
        self._manual: App | None = None
        self._loading = asyncio.Lock()
        self._buffered = 0
        self._studio = ThreadPoolExecutor(VIDEOS_AT_ONCE, "emoji-mock-video")  # starts its threads with the first video

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
        elif scope["method"] == "CONNECT":
            await _refuse_tunnel(scope, receive, send)
        elif _raw_target(scope) is None and is_own(scope["path"]) and not is_for_vendor(scope["headers"]):
            await self._own(scope, receive, send)
        else:
            await self.vendor(scope, receive, send)

    async def _own(self, scope: Message, receive: Receive, send: Send) -> None:
        async with self._loading:
            if self._manual is None:
                self._manual = await asyncio.to_thread(self._load_manual)
        await self._manual(scope, receive, send)

    def _load_manual(self) -> App:
        from emoji_mock.server.openapi.manual import create_app  # noqa: PLC0415 - loads FastAPI

        return create_app(self.fake, self.vendor)

    async def vendor(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a call to the vendor's API."""
        body, complete = bytearray(), False
        try:
            head = _request(scope)
            preparation = self.fake.prepare(head)
            async with asyncio.timeout(BODY_SECONDS):
                complete = await self._read(receive, body, preparation.body_limit)
            reply = await self._reply(head._replace(body=bytes(body)), preparation)
        except TimeoutError:
            reply = self.fake.refuse(service.TIMED_OUT)
        except MemoryError:
            reply = self.fake.refuse(service.OVERLOADED)
        except ConnectionResetError:
            return  # the caller has disconnected
        finally:
            self._buffered -= len(body)
        if isinstance(reply, Response):
            if reply.delay and not await _waits(receive, reply.delay):
                return
            if reply.number and _may_wait(scope):
                self.fake.waited_out(reply.number)
            await _send(reply, send, close=not complete)
        else:
            await _play(scope, receive, send, reply)

    async def _reply(self, request: Request, preparation: Preparation) -> Reply:
        # Pictures are inspected and videos made in threads, so that other callers need not wait for them.
        if preparation.blocks:
            return await asyncio.get_running_loop().run_in_executor(self._studio, ask, self.fake, request)
        if len(request.body) > SMALL_BODY or may_hold_picture(request.body):
            return await asyncio.to_thread(ask, self.fake, request)
        return ask(self.fake, request)

    async def _read(self, receive: Receive, body: bytearray, limit: int) -> bool:
        """Read at most `limit` + 1 bytes into `body`; return whether the request was read to its end."""
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ConnectionResetError
            part = message.get("body", b"")
            size += len(part)
            part = part[: limit + 1 - len(body)]
            body += part
            self._buffered += len(part)
            if self._buffered > BUFFERED:
                raise MemoryError
            if not message.get("more_body"):
                return True
            if size > DRAINED:
                return False


async def _waits(receive: Receive, seconds: float) -> bool:
    """Wait, and say whether the caller waited too."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return True
    return False


def _raw_target(scope: Message) -> bytes | None:
    extension = scope.get("extensions", {}).get(RAW_TARGET)
    return extension["target"] if extension else None


def _request(scope: Message) -> Request:
    target = _raw_target(scope)
    if target is None:
        target = scope.get("raw_path") or scope["path"].encode()
        if scope["query_string"]:
            target += b"?" + scope["query_string"]
    headers = tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]])
    if not any(name == "host" and read_address(value) for name, value in headers):
        headers += ((SERVER, _socket_address(scope)),)
    return SocketRequest(scope["method"], target.decode("latin-1"), headers)


def _socket_address(scope: Message) -> str:
    host, port = scope.get("server") or ("", None)
    if not port:  # not a TCP socket, or unknown
        return ""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


async def _refuse_tunnel(scope: Message, receive: Receive, send: Send) -> None:
    """Refuse CONNECT. The reason phrase says what to use, because it is all that most clients show."""
    address = _socket_address(scope) or "this server"
    text = f"emoji-mock is no proxy for https; use http://{address}{API_PREFIX} as the base URL, without a proxy"
    headers = [("content-type", "text/plain"), ("allow", "GET, HEAD, OPTIONS, POST"), ("connection", "close")]
    response = Response(405, tuple(headers), f"{text}.\n".encode())
    extension = scope.get("extensions", {}).get(PLAY_FAULT)
    if extension is None:
        await _send(response, send, close=False)
        return
    message = serialise(response).replace(b"Method Not Allowed", text.encode(), 1)
    await _act(extension, Script((TimedBytes(0.0, message),), End.CLOSE), receive)


def _may_wait(scope: Message) -> bool:
    """Return whether the client may still wait for its answer, as far as our protocol knows."""
    extension = scope.get("extensions", {}).get(PLAY_FAULT)
    return extension is None or extension["may_wait"]()


async def _play(scope: Message, receive: Receive, send: Send, fault: Fault) -> None:
    """Let our protocol play `fault`. Raises ConnectionResetError under another server, which then breaks off."""
    answer = script(scope["method"], fault)
    if answer.end is End.KEEP:
        await _drip(fault, answer, send)
        return
    extension = scope.get("extensions", {}).get(PLAY_FAULT)
    if extension is None:
        raise ConnectionResetError(f"the network fault {fault.kind!r}, which only emoji-mock's own server can act out")
    await _act(extension, answer, receive)


async def _act(extension: Message, answer: Script, receive: Receive) -> None:
    extension["play"](answer)
    while (await receive())["type"] != "http.disconnect":
        pass


async def _drip(fault: Fault, answer: Script, send: Send) -> None:
    head, *parts = answer.steps
    await asyncio.sleep(head.after)
    await send({"type": "http.response.start", "status": fault.response.status, "headers": _headers(fault.response)})
    for part in parts:
        await asyncio.sleep(part.after)
        await send({"type": "http.response.body", "body": part.data, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _headers(response: Response) -> list[tuple[bytes, bytes]]:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
    return [*headers, (b"content-length", b"%d" % len(response.body))]


async def _send(response: Response, send: Send, *, close: bool) -> None:
    headers = _headers(response)
    if close:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
