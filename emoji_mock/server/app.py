"""The ASGI application: the fake answers the vendor's API; FastAPI, loaded at the first need, serves our own pages."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from emoji_mock.contract.exchange import Reply, Request, Response, SocketRequest
from emoji_mock.contract.rows import service
from emoji_mock.fake.network.addresses import SCHEME, SERVER, read_address
from emoji_mock.fake.port import HeavyWork, ask
from emoji_mock.server.access import KnownHosts
from emoji_mock.server.asgi_replies import may_wait, play, refuse_tunnel, send_response, socket_address
from emoji_mock.server.bodies import HeldBodies
from emoji_mock.server.pages import is_for_vendor, is_own

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from emoji_mock.server.bodies import HeldBody
    from emoji_mock.server.control.probes import Scrape
    from emoji_mock.server.control.steered import SteeredFake

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Message, Receive, Send], Awaitable[None]]

T = TypeVar("T")
DRAINED = 64 * 1024 * 1024
"""How many bytes of a body that is too large are read and dropped, so that its sender can read the answer."""
BODY_SECONDS = 60.0
"""How long a body may take to arrive."""
RAW_TARGET = "emoji_mock.target"
"""The ASGI extension in which our protocol passes the raw target of a vendor call."""


class Front:
    """An ASGI application that answers for the vendor with `fake`, and serves the manual and the control API.

    `hosts` are the names by which our own pages may be opened: by default those of loopback and of its own socket.
    Without `page`, the root leads to the manual. `scrape` returns the metrics, if there are any.
    """

    def __init__(
        self,
        fake: SteeredFake,
        hosts: KnownHosts | None = None,
        *,
        page: bool = True,
        scrape: Scrape | None = None,
    ) -> None:
        self.fake = fake
        self._hosts, self._page, self._scrape = hosts or KnownHosts(), page, scrape
        self._manual: App | None = None
        self._loading = asyncio.Lock()
        self.bodies = HeldBodies()
        self._heavy = HeavyWork()
        self.ending = asyncio.Event()  # set when the server stops, so that the streams of open pages end

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
        elif scope["method"] == "CONNECT":
            await refuse_tunnel(scope, receive, send)
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
        from emoji_mock.server.own_pages import OwnPages  # noqa: PLC0415 - likewise

        ending = self.ending if self._page else None
        return OwnPages(create_app(self.fake, self.vendor, ending, self._scrape), self._hosts)

    async def vendor(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a call to the vendor's API."""
        try:
            reply, complete = await self._answer(scope, receive)  # the body is free when it returns
        except ConnectionResetError:
            return  # the caller has disconnected
        if isinstance(reply, Response):
            if reply.delay and not await _waits(receive, reply.delay):
                return
            if reply.number and may_wait(scope):
                self.fake.waited_out(reply.number)
            await send_response(reply, send, close=not complete)
        else:
            await play(scope, receive, send, reply)

    async def _answer(self, scope: Message, receive: Receive) -> tuple[Reply, bool]:
        """Read a request and return the reply, and whether it was read to its end. Raises ConnectionResetError."""
        head, complete = _request(scope), False
        preparation = self.fake.prepare(head)
        connection = str(scope.get("client"))
        with self.bodies.hold(await self._call(lambda: preparation.account) or connection) as held:
            try:
                async with asyncio.timeout(BODY_SECONDS) as deadline:
                    held.give_way = partial(_expire, deadline)
                    body, complete = await _read(receive, held, preparation.body_limit)
                request = head._replace(body=body)
                del body
                working = await self._call(partial(self._heavy.start, self.fake, request, connection))
                if working is None:
                    return await self._call(partial(ask, self.fake, request)), complete
                held.give_way = working.cancel
                del request
                return await asyncio.wrap_future(working), complete
            except MemoryError:
                row = service.OVERLOADED
            except (TimeoutError, asyncio.CancelledError) as error:
                if not held.dropped and isinstance(error, asyncio.CancelledError):
                    raise
                row = service.OVERLOADED if held.dropped else service.TIMED_OUT
        return self.fake.refuse(row), complete

    async def _call(self, function: Callable[[], T]) -> T:
        """Return the result of `function`, which may wait for a store in another process."""
        if not self.fake.suspends:
            return function()
        from emoji_mock.server.suspended import suspendable  # noqa: PLC0415 - needs the extra `valkey`

        return await suspendable(function)


async def _read(receive: Receive, held: HeldBody, limit: int) -> tuple[bytes, bool]:
    """Read at most `limit` + 1 bytes of a body; return them, and whether the request was read to its end."""
    body, size = bytearray(), 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError
        part = message.get("body", b"")
        size += len(part)
        part = part[: limit + 1 - len(body)]
        body += part
        held.grow(len(part))
        complete = not message.get("more_body")
        if complete or size > DRAINED:
            return bytes(body), complete


def _expire(deadline: asyncio.Timeout) -> bool:
    deadline.reschedule(asyncio.get_running_loop().time())
    return True


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
        target += b"?" * bool(scope["query_string"]) + scope["query_string"]
    headers = tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]])
    if not any(name == "host" and read_address(value) for name, value in headers):
        headers += ((SERVER, socket_address(scope)),)
    if scope.get("scheme") == "https":
        headers += ((SCHEME, "https"),)
    return SocketRequest(scope["method"], target.decode("latin-1"), headers)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
