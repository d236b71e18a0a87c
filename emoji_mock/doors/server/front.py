"""The small ASGI front: it asks the fake about everything but the manual and the control API, which FastAPI serves.

FastAPI is imported when one of its pages is first asked for, so a caller of the vendor's API never pays for it.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from emoji_mock.contract.endpoint import BODY_LIMIT
from emoji_mock.contract.exchange import Request, Response
from emoji_mock.contract.rows import service
from emoji_mock.doors._door import ask
from emoji_mock.doors.server.pages import is_own

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from emoji_mock.fake.service import Fake

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Message, Receive, Send], Awaitable[None]]

SMALL_BODY = 64 * 1024
"""Up to here a body is answered in the event loop; a larger one may hold a picture and goes to a thread."""
DRAINED = 64 * 1024 * 1024
"""How much of a body that is too large is read and thrown away, so that its sender gets to hear the answer."""
BODY_SECONDS = 60.0
"""How long a body may take to come in."""

BUFFERED = 256 * 1024 * 1024
"""How much of bodies under way is kept at any time; beyond it callers hear that the service is overloaded."""
RAW_TARGET = "emoji_mock.target"
"""The ASGI extension in which our protocol tells the target of a vendor call as it came."""


class Front:
    """An ASGI application that answers for the vendor with `fake`, and serves the manual and the control API."""

    def __init__(self, fake: Fake) -> None:
        self.fake = fake
        self._manual: App | None = None
        self._loading = asyncio.Lock()
        self._buffered = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
        elif _raw_target(scope) is None and is_own(scope["path"]):
            await self._own(scope, receive, send)
        else:
            await self.vendor(scope, receive, send)

    async def _own(self, scope: Message, receive: Receive, send: Send) -> None:
        async with self._loading:
            if self._manual is None:
                self._manual = await asyncio.to_thread(self._load_manual)
        await self._manual(scope, receive, send)

    def _load_manual(self) -> App:
        from emoji_mock.doors.server.manual import create_app  # noqa: PLC0415 - FastAPI loads here, once it is wanted

        return create_app(self)

    async def vendor(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer for the vendor."""
        body, whole = bytearray(), False
        try:
            async with asyncio.timeout(BODY_SECONDS):
                whole = await self._read(receive, body)
            request = _request(scope, bytes(body))
            # A large body may hold a picture, and must not keep other callers waiting.
            response = (
                await asyncio.to_thread(ask, self.fake, request) if len(body) > SMALL_BODY else ask(self.fake, request)
            )
        except TimeoutError:
            response = self.fake.refuse(service.TIMED_OUT)
        except MemoryError:
            response = self.fake.refuse(service.OVERLOADED)
        except ConnectionResetError:
            return  # whoever asked is gone
        finally:
            self._buffered -= len(body)
        await _send(response, send, close=not whole)

    async def _read(self, receive: Receive, body: bytearray) -> bool:
        """Read into `body` what the vendor would look at, and return whether that was all that came."""
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ConnectionResetError
            part = message.get("body", b"")
            size += len(part)
            part = part[: BODY_LIMIT + 1 - len(body)]
            body += part
            self._buffered += len(part)
            if self._buffered > BUFFERED:
                raise MemoryError
            if not message.get("more_body"):
                return True
            if size > DRAINED:
                return False


def _raw_target(scope: Message) -> bytes | None:
    extension = scope.get("extensions", {}).get(RAW_TARGET)
    return extension["target"] if extension else None


def _request(scope: Message, body: bytes) -> Request:
    target = _raw_target(scope)
    if target is None:
        target = scope.get("raw_path") or scope["path"].encode()
        if scope["query_string"]:
            target += b"?" + scope["query_string"]
    headers = tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]])
    return Request(scope["method"], target.decode("latin-1"), headers, body)


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
