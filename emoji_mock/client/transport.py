"""The HTTP backend: a client of httpx or httpx2, its requests, its response bodies, its exceptions as ours.

Both libraries, and subclasses of their clients and transports, are recognised by name. Neither is imported unless the
caller gives neither client nor transport.
"""

from __future__ import annotations

import sys
from importlib import import_module
from traceback import clear_frames
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import urlsplit

from emoji_mock.client.base_url import is_loopback
from emoji_mock.client.errors import (
    ConnectionFailedError,
    EmojiError,
    RequestError,
    TimedOutError,
    UnreadableAnswerError,
)
from emoji_mock.client.parse.error_table import is_retryable_status
from emoji_mock.client.receiving.exchange import billing_hint, is_billed

if TYPE_CHECKING:
    from emoji_mock.client.api_keys import Key
    from emoji_mock.client.plan.steps import RequestStep

_LIBRARIES = ("httpx2", "httpx")
_OTHER_CLIENT = {"Client": "AsyncEmojiDetect", "AsyncClient": "EmojiDetect"}
_HANDLER = {"Client": "handle_request", "AsyncClient": "handle_async_request"}
_IN_PROCESS = frozenset({"MockTransport", "WSGITransport", "ASGITransport"})
# Names of the library's exceptions, by what they mean.
_NOT_SENT = ("ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "WriteError", "WriteTimeout")
_TIMEOUTS = ("TimeoutException", "TimeoutError")
_INVALID_REQUEST = ("UnsupportedProtocol", "LocalProtocolError", "InvalidURL", "UnicodeError")


class HttpBackend(NamedTuple):
    """A client of an HTTP library. `owned`: we opened it. `networked`: no transport of the caller answers instead.

    `in_process`: a transport answers that cannot block, such as MockTransport.
    """

    client: Any
    library: Any
    owned: bool
    networked: bool
    in_process: bool

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """The exceptions of a request: the library's, and the system's that it does not wrap."""
        return self.library.RequestError, self.library.InvalidURL, OSError, UnicodeError

    def build_request(self, step: RequestStep[Any], key: Key, timeout: float) -> Any:  # noqa: ANN401 - the library's
        """Return the library's request for `step`, with the API key if the step asks for it. Raises RequestError."""
        method, url, headers, body = step.request
        payload: dict[str, Any] = {"content": body or None}
        if step.form is not None:
            file = step.form.file
            payload = {"data": step.form.fields, "files": {"file": (file.name, file.content, file.media_type)}}
        try:
            request = self.client.build_request(method, url, headers=dict(headers), timeout=timeout, **payload)
        except self.errors as error:
            raise RequestError(f"{url} is not a valid URL: {error}") from None
        # A client of the caller's may add a key and a query of its own; its query would replace ours.
        request.url = self.library.URL(url)
        request.headers["accept-encoding"] = "identity"
        request.headers.pop("authorization", None)
        if step.with_key:
            request.headers["authorization"] = key.header()
        return request


def open_backend(kind: Literal["Client", "AsyncClient"], client: Any, transport: Any, base_url: str) -> HttpBackend:  # noqa: ANN401
    """Use the caller's client, or open one over the caller's transport or the network. Raises TypeError."""
    if client is not None:
        if transport is not None:
            raise TypeError("give client=… or transport=…, not both: a client has a transport")
        library = _library_of(client)
        if library is None or not isinstance(client, getattr(library, kind)):
            raise _wrong_kind(kind, f"client: must be a {kind} of httpx or httpx2", client)
        return _backend(client, library, _transport_of(client, base_url), owned=False)
    if transport is not None and not callable(getattr(transport, _HANDLER[kind], None)):
        raise _wrong_kind(kind, f"transport: must have `{_HANDLER[kind]}`", transport)
    library = _library_of(transport) or _default_library()
    # A proxy from the environment could read what is sent to this machine, unencrypted.
    options: dict[str, Any] = {"trust_env": False} if is_loopback(base_url) else {}
    if transport is not None:
        options["transport"] = transport
    return _backend(getattr(library, kind)(**options), library, transport, owned=True)


def _backend(client: Any, library: Any, transport: object, *, owned: bool) -> HttpBackend:  # noqa: ANN401 - the library's
    names = {each.__name__ for each in type(transport).__mro__}
    return HttpBackend(
        client,
        library,
        owned=owned,
        networked=_is_networked(transport, library),
        in_process=not names.isdisjoint(_IN_PROCESS),
    )


def convert_error(
    error: Exception,
    request: Any,  # noqa: ANN401 - the library's
    step: RequestStep[Any],
    status: int,
    *,
    again_after_timeout: bool,
) -> EmojiError:
    """Return our exception for the library's. `status` is 0 before a response; `again_after_timeout` is the limit.

    The library's exception becomes the cause of ours. It refers to `request`, also in the frames of its traceback, so
    the API key is removed from both.
    """
    request.headers.pop("authorization", None)
    cause: BaseException | None = error
    while cause is not None:
        clear_frames(cause.__traceback__)
        cause = cause.__cause__
    names = {each.__name__ for each in type(error).__mro__}
    host = urlsplit(step.request.target).hostname
    detail = f"({type(error).__name__}: {error})"
    if names.intersection(_INVALID_REQUEST):
        return RequestError(f"cannot send a request to {step.request.target} {detail}")
    billed = is_billed(step, status)
    if "DecodingError" in names:
        return UnreadableAnswerError(f"cannot decode the response {detail}", status=status, billed=billed)
    if names.intersection(_NOT_SENT):
        kind = TimedOutError if names.intersection(_TIMEOUTS) else ConnectionFailedError
        return kind(f"cannot reach {host}; the request was not sent {detail}", retryable=True)
    timed_out = bool(names.intersection(_TIMEOUTS))
    safe = step.request.method == "GET"  # it changes nothing (RFC 9110, 9.2.1)
    retryable = safe or (is_retryable_status(status) if status else again_after_timeout or not timed_out)
    where = "the connection ended or stalled during the response" if status else f"no response from {host}"
    return (TimedOutError if timed_out else ConnectionFailedError)(
        f"{where} {detail}",
        status=status,
        billed=billed,
        retryable=retryable,
        hint="" if retryable else billing_hint(billed),
    )


def _wrong_kind(kind: str, expected: str, found: object) -> TypeError:
    return TypeError(f"{expected}, not {type(found).__name__}; {_OTHER_CLIENT[kind]} takes the other kind")


def _is_networked(transport: object, library: Any) -> bool:  # noqa: ANN401 - a module
    return transport is None or isinstance(transport, (library.HTTPTransport, library.AsyncHTTPTransport))


def _transport_of(client: Any, url: str) -> object:  # noqa: ANN401 - the library's
    """Return the transport with which a client sends to `url`, or None if unknown.

    Neither library has a public name for it. If this private one disappears, the client counts as networked.
    """
    choose = getattr(client, "_transport_for_url", None)
    return choose(_library_of(client).URL(url)) if choose else None


def _default_library() -> Any:  # noqa: ANN401 - a module
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
