"""A mocker in respx's registry of mockers: it routes the transports of httpx and of httpx2 to respx."""

from __future__ import annotations

import sys
from contextvars import ContextVar
from functools import cache, partial
from typing import TYPE_CHECKING, Any, ClassVar

import httpx
from respx.mocks import Mocker
from respx.models import PassThrough

from emoji_mock._support.import_hooks import when_imported
from emoji_mock.interceptors.base import Patch, PatchSet

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from respx import Router


IN_EVENT_LOOP = ContextVar("IN_EVENT_LOOP", default=False)
"""Whether the current call comes from an async client, so that its response may be awaited."""


class FakeMocker(Mocker):
    """Ask the started routers, the latest first."""

    name = "emoji_mock"
    targets: ClassVar[list[str]] = []
    target_methods: ClassVar[list[str]] = []
    _undo: ClassVar[list[Callable[[], None]]] = []

    @classmethod
    def register(cls, router: Router) -> None:
        """Add `router` before the others."""
        cls.routers.insert(0, router)

    @classmethod
    def start(cls) -> None:
        """Patch httpx and httpx2, each now or when it is imported."""
        if not cls._undo:
            for library in ("httpx", "httpx2"):
                cls._undo.append(when_imported(library, partial(cls._patch, library)))

    @classmethod
    def stop(cls, force: bool = False) -> None:  # noqa: FBT001, FBT002 - respx's signature
        """Undo the patches, unless a router is still started."""
        if not cls.routers or force:
            while cls._undo:
                cls._undo.pop()()

    @classmethod
    def _patch(cls, library: str) -> None:
        transports = _transports(library)
        transports.enable()
        cls._undo.append(transports.disable)


class _Transports:
    """The patched transports of one library of the family; respx itself gets httpx's requests and responses only."""

    def __init__(self, library: Any) -> None:  # noqa: ANN401 - a module
        self._library = library
        self._translated = _translated_stream(library)
        self._enabled = False
        self._patches = PatchSet(
            Patch(library.HTTPTransport, "handle_request", self._sync),
            Patch(library.AsyncHTTPTransport, "handle_async_request", self._async),
        )

    def enable(self) -> None:
        """Route calls to respx."""
        self._patches.apply(rank=1)
        self._enabled = True

    def disable(self) -> None:
        """Send calls to the network again."""
        self._enabled = False
        self._patches.restore()

    def _sync(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def handle_request(transport: Any, request: Any) -> Any:  # noqa: ANN401
            if not self._enabled:
                return original(transport, request)
            request.read()
            IN_EVENT_LOOP.set(False)
            handler: Any = FakeMocker.handler  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
            try:
                return self._response(handler(_as_httpx(request)), request)
            except PassThrough:
                return original(transport, request)
            except httpx.RequestError as error:
                raise _as_library_error(self._library, error, request) from error

        return handle_request

    def _async(self, original: Callable[..., Any]) -> Callable[..., Any]:
        async def handle_async_request(transport: Any, request: Any) -> Any:  # noqa: ANN401
            if not self._enabled:
                return await original(transport, request)
            await request.aread()
            IN_EVENT_LOOP.set(True)
            handler: Any = FakeMocker.async_handler  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
            try:
                return self._response(await handler(_as_httpx(request)), request)
            except PassThrough:
                return await original(transport, request)
            except httpx.RequestError as error:
                raise _as_library_error(self._library, error, request) from error

        return handle_async_request

    def _response(self, response: httpx.Response, request: Any) -> Any:  # noqa: ANN401 - the library's
        library = self._library
        stream: Any = response.stream if library is httpx else self._translated(response.stream, request)
        return library.Response(
            response.status_code, headers=response.headers.raw, stream=stream, extensions=response.extensions
        )


@cache
def _transports(library: str) -> _Transports:
    return _Transports(sys.modules[library])


def _as_httpx(request: Any) -> httpx.Request:  # noqa: ANN401 - of either library, its body read
    if isinstance(request, httpx.Request):
        return request
    theirs = httpx.Request(
        request.method,
        str(request.url),
        headers=request.headers.raw,
        stream=httpx.ByteStream(request.content),
        extensions=request.extensions,
    )
    theirs.read()
    return theirs


def _as_library_error(library: Any, error: httpx.RequestError, request: Any) -> Exception:  # noqa: ANN401
    if library is httpx:
        return error
    kind: Any = getattr(library, type(error).__name__, library.RequestError)
    theirs: Exception = kind(str(error), request=request)
    return theirs


def _translated_stream(library: Any) -> type[Any]:  # noqa: ANN401 - a module
    sync_stream: Any = library.SyncByteStream
    async_stream: Any = library.AsyncByteStream

    class Translated(sync_stream, async_stream):  # type: ignore[misc]  # bases known at run time only
        """A stream of httpx that raises another library's exceptions."""

        def __init__(self, stream: Any, request: Any) -> None:  # noqa: ANN401
            self._stream, self._request = stream, request

        def __iter__(self) -> Iterator[bytes]:
            try:
                yield from self._stream
            except httpx.RequestError as error:
                raise _as_library_error(library, error, self._request) from error

        async def __aiter__(self) -> AsyncIterator[bytes]:
            try:
                async for part in self._stream:
                    yield part
            except httpx.RequestError as error:
                raise _as_library_error(library, error, self._request) from error

    return Translated
