"""Send replies and play faults as an ASGI application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emoji_mock._support.event_loops import loop_sleep
from emoji_mock.contract.endpoint import API_PREFIX
from emoji_mock.contract.exchange import Fault, Response
from emoji_mock.fake.network.addresses import authority_of
from emoji_mock.fake.network.faults import End
from emoji_mock.fake.network.script import Script, TimedBytes, script, serialise

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

PLAY_FAULT = "emoji_mock.acting"
"""The ASGI extension in which our protocol passes the function that plays a fault, and `may_wait`."""


def socket_address(scope: Message) -> str:
    """Return host and port of the socket that has a request, or "" where it is none of TCP."""
    host, port = scope.get("server") or ("", None)
    return authority_of(host, port) if port else ""


async def refuse_tunnel(scope: Message, receive: Receive, send: Send) -> None:
    """Refuse CONNECT. The reason phrase says what to use, because it is all that most clients show."""
    address = socket_address(scope) or "this server"
    text = f"this port is no proxy; use http://{address}{API_PREFIX} as the base URL, or emoji-mock run -- COMMAND"
    headers = [("content-type", "text/plain"), ("allow", "GET, HEAD, OPTIONS, POST"), ("connection", "close")]
    response = Response(405, tuple(headers), f"{text}.\n".encode())
    extension = scope.get("extensions", {}).get(PLAY_FAULT)
    if extension is None:
        await send_response(response, send, close=False)
        return
    message = serialise(response).replace(b"Method Not Allowed", text.encode(), 1)
    await _act(extension, Script((TimedBytes(0.0, message),), End.CLOSE), receive)


def may_wait(scope: Message) -> bool:
    """Return whether the client may still wait for its answer, as far as our protocol knows."""
    extension = scope.get("extensions", {}).get(PLAY_FAULT)
    return extension is None or extension["may_wait"]()


async def play(scope: Message, receive: Receive, send: Send, fault: Fault) -> None:
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
    await loop_sleep(head.after)
    await send({"type": "http.response.start", "status": fault.response.status, "headers": _headers(fault.response)})
    for part in parts:
        await loop_sleep(part.after)
        await send({"type": "http.response.body", "body": part.data, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _headers(response: Response) -> list[tuple[bytes, bytes]]:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
    return [*headers, (b"content-length", b"%d" % len(response.body))]


async def send_response(response: Response, send: Send, *, close: bool) -> None:
    """Send `response`; `close` asks for the end of the connection."""
    headers = _headers(response)
    if close:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})
