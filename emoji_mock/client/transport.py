"""How httpx and httpx2 are talked to: whose client it is, a step as its request, its exceptions as ours.

Both libraries, and every subclass of their clients and transports, are told apart by name; neither is imported unless
nothing is given.
"""

from __future__ import annotations

import sys
from importlib import import_module
from traceback import clear_frames
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import urlsplit

from emoji_mock.client.api_keys import Key, is_loopback
from emoji_mock.client.errors import (
    PERHAPS_BILLED,
    ConnectionFailedError,
    EmojiError,
    RequestError,
    TimedOutError,
    UnreadableAnswerError,
)
from emoji_mock.client.parse.error_table import is_free_to_repeat
from emoji_mock.contract.exchange import Response

if TYPE_CHECKING:
    from emoji_mock.client.plan.detection import Step
    from emoji_mock.client.retry import CallDeadline

_LIBRARIES = ("httpx2", "httpx")
_UNSENT = ("ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "WriteError", "WriteTimeout")
_OTHER = {"Client": "AsyncEmojiDetect", "AsyncClient": "EmojiDetect"}
_HANDLER = {"Client": "handle_request", "AsyncClient": "handle_async_request"}
_TIMEOUTS = ("TimeoutException", "TimeoutError")
_OURS = ("UnsupportedProtocol", "LocalProtocolError", "InvalidURL", "UnicodeError")


class HttpBackend(NamedTuple):
    """A client of some library: `owned` if we made it, `networked` unless a transport answers by itself."""

    client: Any
    library: Any
    owned: bool
    networked: bool

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What may come of asking: the library's errors, and the system's that it lets through."""
        return self.library.RequestError, self.library.InvalidURL, OSError, UnicodeError


def open_backend(kind: Literal["Client", "AsyncClient"], client: Any, transport: Any, base_url: str) -> HttpBackend:  # noqa: ANN401
    """Take the caller's client, or make one over the caller's transport or over the network. Raises TypeError."""
    if client is not None:
        if transport is not None:
            raise TypeError("give a client or a transport, not both: a client has a transport")
        library = _library_of(client)
        if library is None or not isinstance(client, getattr(library, kind)):
            raise _wrong(kind, f"client: wants a {kind} of httpx or httpx2", client)
        return HttpBackend(
            client, library, owned=False, networked=_is_networked(_transport_of(client, base_url), library)
        )
    if transport is not None and not callable(getattr(transport, _HANDLER[kind], None)):
        raise _wrong(kind, f"transport: wants one with `{_HANDLER[kind]}`", transport)
    library = _library_of(transport) or _default()
    # A proxy from the environment would see what goes to this machine, and in the clear.
    options: dict[str, Any] = {"trust_env": False} if is_loopback(base_url) else {}
    if transport is not None:
        options["transport"] = transport
    return HttpBackend(
        getattr(library, kind)(**options), library, owned=True, networked=_is_networked(transport, library)
    )


def build(carrier: HttpBackend, step: Step[Any], key: Key, timeout: float) -> Any:  # noqa: ANN401 - the library's request
    """Return the library's request for `step`, with the key if it goes with it."""
    method, url, headers, body = step.request
    payload: dict[str, Any] = {"content": body or None}
    if step.form is not None:
        file = step.form.file
        payload = {"data": step.form.fields, "files": {"file": (file.name, file.content, file.media_type)}}
    try:
        request = carrier.client.build_request(method, url, headers=dict(headers), timeout=timeout, **payload)
    except carrier.errors as error:
        raise RequestError(f"{url} is no URL that can be asked: {error}") from None
    # A client of the caller's may have a key and a query of its own; a query in place of ours would ask for nothing.
    request.url = carrier.library.URL(url)
    request.headers.pop("authorization", None)
    if step.keyed:
        request.headers["authorization"] = key.header()
    return request


class Body:
    """The body of an answer as it comes in, up to a limit of bytes and of time."""

    def __init__(self, response: Any, step: Step[Any], key: Key, course: CallDeadline) -> None:  # noqa: ANN401 - the library's
        self._response, self._step, self._key, self._course = response, step, key, course
        self._content = bytearray()

    def add(self, part: bytes) -> None:
        """Take one more part. Raises UnreadableAnswerError when it is too much, TimedOutError when it is too late."""
        self._content += part
        status = self._response.status_code
        billed = _billed(self._step, status)
        request_id = self._response.headers.get("x-request-id", "")
        if len(self._content) > (most := self._step.most):
            what = f"the answer is longer than {most} bytes"
            raise UnreadableAnswerError(what, status=status, request_id=request_id, billed=billed, hint=_hint(billed))
        if self._course.is_over():
            what = "the deadline came before the answer was whole"
            raise TimedOutError(what, status=status, request_id=request_id, billed=billed, hint=_hint(billed))

    def whole(self) -> Response:
        """Return the answer, without the key should it hold it; who was not told the key cannot repeat it."""
        headers, content = tuple(self._response.headers.multi_items()), bytes(self._content)
        if self._step.keyed:
            scrub = self._key.scrub
            headers = tuple((name, scrub(value)) for name, value in headers)
            content = scrub(content.decode("latin-1")).encode("latin-1")
        return Response(self._response.status_code, headers, content)


def translate(error: Exception, request: Any, step: Step[Any], status: int, *, again: bool) -> EmojiError:  # noqa: ANN401
    """Return our error for the library's; `status` is 0 before an answer, `again` allows to repeat after a timeout.

    The library's will be the cause of ours, and knows its `request`, in its traceback as well: both lose the key here.
    """
    request.headers.pop("authorization", None)
    cause: BaseException | None = error
    while cause is not None:
        clear_frames(cause.__traceback__)
        cause = cause.__cause__
    names = {each.__name__ for each in type(error).__mro__}
    host = urlsplit(step.request.target).hostname
    what = f"({type(error).__name__}: {error})"
    if names.intersection(_OURS):
        return RequestError(f"{step.request.target} cannot be asked {what}")
    if "DecodingError" in names:
        return UnreadableAnswerError(
            f"the answer cannot be decoded {what}", status=status, billed=_billed(step, status)
        )
    if names.intersection(_UNSENT):
        kind = TimedOutError if names.intersection(_TIMEOUTS) else ConnectionFailedError
        return kind(f"{host} was not reached, and nothing was asked {what}", retryable=True)
    timed_out = bool(names.intersection(_TIMEOUTS))
    safe = step.request.method == "GET"  # it changes nothing (RFC 9110, 9.2.1)
    retryable = safe or (is_free_to_repeat(status) if status else again or not timed_out)
    where = "the connection ended, or fell silent, within the answer" if status else f"no answer from {host}"
    billed = _billed(step, status)
    return (TimedOutError if timed_out else ConnectionFailedError)(
        f"{where} {what}",
        status=status,
        billed=billed,
        retryable=retryable,
        hint="" if retryable else _hint(billed),
    )


def deadline_error(step: Step[Any]) -> TimedOutError:
    """Return the error of a step that the deadline cut off before its answer began."""
    said = f"no answer from {urlsplit(step.request.target).hostname} before the deadline"
    return TimedOutError(said, billed=_billed(step, 0), hint=_hint(_billed(step, 0)))


def _billed(step: Step[Any], status: int) -> bool | None:
    return None if step.counts and status < 300 else False  # noqa: PLR2004 - RFC 9110: redirects and errors


def _wrong(kind: str, wanted: str, found: object) -> TypeError:
    return TypeError(f"{wanted}, got {type(found).__name__}; {_OTHER[kind]} takes the other kind")


def _hint(billed: bool | None) -> str:  # noqa: FBT001 - a value
    return PERHAPS_BILLED if billed is None else ""


def _is_networked(transport: object, library: Any) -> bool:  # noqa: ANN401 - a module
    return transport is None or isinstance(transport, (library.HTTPTransport, library.AsyncHTTPTransport))


def _transport_of(client: Any, url: str) -> object:  # noqa: ANN401 - the library's
    """Return what a client sends `url` with, which no public name of either library tells; None if this one is gone."""
    choose = getattr(client, "_transport_for_url", None)
    return choose(_library_of(client).URL(url)) if choose else None


def _default() -> Any:  # noqa: ANN401 - a module
    try:
        return import_module("httpx2")
    except ModuleNotFoundError as error:
        if error.name != "httpx2":
            raise
        raise ImportError(
            "this client needs httpx2: pip install 'emoji-mock[client]'; or give client=… or transport=… of httpx",
            name="httpx2",
        ) from None


def _library_of(thing: object) -> Any:  # noqa: ANN401 - a module
    roots = [each.__module__.partition(".")[0] for each in type(thing).__mro__]
    return next((sys.modules[root] for root in roots if root in _LIBRARIES), None)
