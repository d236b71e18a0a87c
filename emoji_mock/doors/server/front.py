"""The small ASGI front: it asks the fake about everything but the manual and the control API, which FastAPI serves.

FastAPI is imported when one of its pages is first asked for, so a caller of the vendor's API never pays for it.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from emoji_mock.contract.endpoint import BODY_LIMIT
from emoji_mock.contract.exchange import Request, Response
from emoji_mock.contract.rows import service

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from emoji_mock.fake.service import Fake

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Message, Receive, Send], Awaitable[None]]

CONTROL = "/_mock"
OWN_PAGES = frozenset({"/", CONTROL, "/docs", "/docs/oauth2-redirect", "/openapi.json"})
SMALL_BODY = 64 * 1024
"""Up to here a body is answered in the event loop; a larger one may hold a picture and goes to a thread."""
DRAINED = 64 * 1024 * 1024
"""How much of a body that is too large is read and thrown away, so that its sender gets to hear the answer."""
BODY_SECONDS = 60.0
"""How long a body may take to come in."""

log = logging.getLogger("emoji_mock")


def is_own(path: str) -> bool:
    """Say whether `path` is a page of ours; everything else is the vendor's."""
    return path in OWN_PAGES or path.startswith(f"{CONTROL}/")


def ask(fake: Fake, request: Request) -> Response:
    """Return the fake's answer; should the fake itself break, say so in the log and answer in the vendor's shape."""
    try:
        return fake.answer(request)
    except Exception:
        log.exception("emoji-mock broke on a request; please report this")
        return fake.refuse(service.INTERNAL)


class Front:
    """An ASGI application that answers for the vendor with `fake`, and serves the manual and the control API."""

    def __init__(self, fake: Fake) -> None:
        self.fake = fake
        self._manual: App | None = None
        self._large_bodies = asyncio.Semaphore(64)  # bounds what all bodies together take

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
        elif is_own(scope["path"]):
            await self._own(scope, receive, send)
        else:
            await self.vendor(scope, receive, send)

    async def _own(self, scope: Message, receive: Receive, send: Send) -> None:
        if self._manual is None:
            from emoji_mock.doors.server.manual import create_app  # noqa: PLC0415 - FastAPI loads here, once it is wanted

            self._manual = create_app(self)
        await self._manual(scope, receive, send)

    async def vendor(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer for the vendor."""
        message = await receive()
        body = message.get("body", b"")
        whole = True
        if message.get("more_body"):
            try:
                async with asyncio.timeout(BODY_SECONDS), self._large_bodies:
                    body, whole = await _read_on(body, receive)
                    response = await asyncio.to_thread(ask, self.fake, _request(scope, body))
            except (TimeoutError, ConnectionResetError):
                return  # whoever asked is gone, or never finished asking
        elif message["type"] == "http.disconnect":
            return
        elif len(body) > SMALL_BODY:
            response = await asyncio.to_thread(ask, self.fake, _request(scope, body))
        else:
            response = ask(self.fake, _request(scope, body))
        await _send(response, send, close=not whole)


def _request(scope: Message, body: bytes) -> Request:
    target = scope.get("raw_path") or scope["path"].encode()
    if scope["query_string"]:
        target += b"?" + scope["query_string"]
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    return Request(scope["method"], target.decode("latin-1"), headers, bytes(body))


async def _read_on(start: bytes, receive: Receive) -> tuple[bytes, bool]:
    body, size = bytearray(start), len(start)
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError
        part = message.get("body", b"")
        size += len(part)
        body += part[: BODY_LIMIT + 1 - len(body)]
        if not message.get("more_body"):
            return bytes(body), True
        if size > DRAINED:
            return bytes(body), False


async def _send(response: Response, send: Send, *, close: bool) -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
    headers.append((b"content-length", b"%d" % len(response.body)))
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
