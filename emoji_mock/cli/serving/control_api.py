"""Read documents of the control API of a running server."""

from __future__ import annotations

from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, Request, build_opener

import msgspec

if TYPE_CHECKING:
    from ssl import SSLContext

T = TypeVar("T")
_HINTS: dict[int, str] = {
    HTTPStatus.NOT_FOUND: "it is not emoji-mock, too old for a {what}, or started without one",
    HTTPStatus.SERVICE_UNAVAILABLE: "a balancer without a replica that is ready, or no emoji-mock",
}
"""What a status means of an answer that names no problem."""
_TIMEOUT = 30
"""For each step of the exchange, in seconds."""
_LARGEST = 64 * 1024 * 1024
"""The largest document that is read, in bytes."""


class UnreachableError(Exception):
    """The server gave no document."""


class ControlApi(NamedTuple):
    """The control API of the server at a URL, which was given by a flag; TLS is by a context, if it is another one."""

    url: str
    flag: str
    context: SSLContext | None = None

    @property
    def base(self) -> str:
        """The root of the server. Raises UnreachableError."""
        try:
            parts = urlsplit(self.url)
            is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            is_address = False
        if not is_address:
            raise UnreachableError(f"{self.flag} {self.url}: not an address such as http://127.0.0.1:8000")
        return self.url.rstrip("/").removesuffix("/api/v1")

    def read(self, path: str, kind: type[T], what: str) -> T:
        """Return the document at `path`, in errors called `what`. Raises UnreachableError."""
        content = self.fetch(path, what)
        try:
            return msgspec.json.decode(content, type=kind)
        except (msgspec.MsgspecError, RecursionError):
            text = f"{self.base} answers with something other than a {what}; is it emoji-mock?"
            raise UnreachableError(text) from None

    def fetch(self, path: str, what: str) -> bytes:
        """Return the content of the page at `path`, in errors called `what`. Raises UnreachableError."""
        base = self.base
        request = Request(f"{base}{path}")  # noqa: S310 - checked above
        # No proxy: the server is local, and the proxy in the environment may be the server itself.
        opener = build_opener(ProxyHandler({}), HTTPSHandler(context=self.context), _NoRedirects)
        try:
            with opener.open(request, timeout=_TIMEOUT) as answer:
                content: bytes = answer.read(_LARGEST)
                return content
        except HTTPError as error:
            with error:
                problem = _problem_in(error) if error.code == HTTPStatus.SERVICE_UNAVAILABLE else ""
            if problem:
                raise UnreachableError(f"{base} has no {what}: {problem}") from None
            hint = _HINTS.get(error.code, "check which program listens there").format(what=what)
            shown = path.partition("?")[0]
            raise UnreachableError(f"{base} answers {error.code} to {shown}: {hint}") from None
        except (URLError, OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            raise UnreachableError(f"cannot reach {base}: {reason}; start it with `emoji-mock serve`") from None


def _problem_in(answer: HTTPError) -> str:
    """Return the problems that the control API names in an answer, or nothing if it is another's."""
    try:
        named = msgspec.json.decode(answer.read(_LARGEST), type=dict[str, list[dict[str, str]]])
        return "; ".join(each["problem"] for each in named["errors"])
    except (msgspec.MsgspecError, RecursionError, KeyError, OSError, HTTPException):
        return ""


class _NoRedirects(HTTPRedirectHandler):
    """Treat a redirect as an answer: only the server that was named is called."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Follow no redirect."""
