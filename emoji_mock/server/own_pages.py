"""The ASGI application around our own pages: who may open them, HEAD and OPTIONS, and headers for browsers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from emoji_mock._support.terminal import escape_json
from emoji_mock.server.access import KnownHosts, find_refusal
from emoji_mock.server.control.problems import Problem, Problems

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

CLOSED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The content security policy of a page that loads nothing, such as JSON."""
_PROTECTION = (
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_POLICY = b"content-security-policy"
_OF_CONTENT = (b"content-type", b"content-length")
_REFUSED = 403
_WRONG_METHOD = 405


class OwnPages:
    """Serve `app` to programs and to pages of this server, which is known by the names in `hosts`."""

    def __init__(self, app: ASGIApp, hosts: KnownHosts) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        method, own_address = scope["method"], (scope.get("server") or ("",))[0]
        refusal = find_refusal(scope["path"], method, scope["headers"], own_address, self._hosts)
        answer = _Answer(method, send)
        if refusal is not None:
            content = escape_json(msgspec.json.encode(Problems([Problem(*refusal)])))
            headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
            await answer.send({"type": "http.response.start", "status": _REFUSED, "headers": headers})
            await answer.send({"type": "http.response.body", "body": content})
            return
        # A page answers HEAD as it answers GET, and says by its refusal of OPTIONS what it takes.
        await self._app({**scope, "method": "GET"} if method == "HEAD" else scope, receive, answer.send)


class _Answer:
    """Pass on the answer to a request by `method`."""

    def __init__(self, method: str, send: Send) -> None:
        self._send, self._asks_methods = send, method == "OPTIONS"
        self._bodiless = method == "HEAD"

    async def send(self, message: Message) -> None:
        """Pass on one ASGI message."""
        if message["type"] == "http.response.start":
            headers = [*message["headers"], *_PROTECTION]
            if not any(name == _POLICY for name, _ in headers):
                headers.append((_POLICY, CLOSED.encode()))
            if self._asks_methods and message["status"] == _WRONG_METHOD:
                self._bodiless = True
                headers = [(name, value) for name, value in headers if name not in _OF_CONTENT]
                message = {**message, "status": 204}
            message = {**message, "headers": headers}
        elif self._bodiless and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)
