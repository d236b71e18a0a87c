"""The fake as a respx router, for httpx and httpx2: named routes whose side effect is the fake, overridden as in respx."""

from __future__ import annotations

import sys
from functools import cache, partial
from typing import TYPE_CHECKING, Any, ClassVar

import httpx
import respx
from respx.mocks import Mocker
from respx.models import PassThrough

from emoji_mock.contract.endpoint import API_PREFIX, FACE_DETECT
from emoji_mock.contract.hosts import HOST_PATTERN
from emoji_mock.doors._door import Door, Seam, asking
from emoji_mock.doors._httpx_like import HttpxLike
from emoji_mock.doors._imports import when_imported
from emoji_mock.fake.service import Fake

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

_ORIGIN = rf"^https?://(?:[^/?#]*@)?(?:{HOST_PATTERN})\.?(?::\d+)?"
_VENDOR = rf"{_ORIGIN}(?:[/?#]|$)"
_FACE_DETECT = rf"{_ORIGIN}(?:{API_PREFIX})?{FACE_DETECT}/?(?:\?|$)"

_HTTPX = HttpxLike(httpx)


class FakeRoute(respx.Route):
    """A route that the fake answers until a user says otherwise; theirs are looked at first."""

    @property
    def return_value(self) -> httpx.Response | None:
        """The response that a user has put in place of the fake."""
        return self._return_value

    @return_value.setter
    def return_value(self, return_value: httpx.Response | None) -> None:
        if return_value is not None:
            self.side_effect = None  # respx would go on asking the side effect
        respx.Route.return_value.fset(self, return_value)  # type: ignore[attr-defined]  # a property


class FakeRouter(respx.MockRouter):
    """A respx router in which `fake` answers for the vendor, and every other host is passed through."""

    def __init__(self, fake: Fake | None = None, **settings: Any) -> None:  # noqa: ANN401 - respx's own
        super().__init__(**{"assert_all_called": False, **settings, "using": FakeMocker.name})
        self.fake = fake or Fake()
        effect = _HTTPX.handler(asking(self.fake))
        self.add(FakeRoute(method="POST", url__regex=_FACE_DETECT), name="face_detect").mock(side_effect=effect)
        self.add(FakeRoute(url__regex=_VENDOR), name="vendor").mock(side_effect=effect)
        self.add(FakeRoute(), name="elsewhere").pass_through()

    def add(self, route: respx.Route, *, name: str | None = None) -> respx.Route:
        """Add a route; it is looked at before the fake's own."""
        added = super().add(route, name=name)
        # respx takes the first route that matches, and offers no other way to put one in front.
        self.routes._routes.sort(key=lambda known: isinstance(known, FakeRoute))  # noqa: SLF001
        return added


def router(fake: Fake | None = None) -> FakeRouter:
    """Return a respx router with the fake behind it, to be used as a context manager or as a decorator."""
    return FakeRouter(fake)


class FakeMocker(Mocker):
    """Leads the transports of httpx and of httpx2 to respx; the router that was started last is asked first."""

    name = "emoji_mock"
    targets: ClassVar[list[str]] = []
    target_methods: ClassVar[list[str]] = []
    _undo: ClassVar[list[Callable[[], None]]] = []

    @classmethod
    def register(cls, router: respx.Router) -> None:
        """Put `router` before those that are there."""
        cls.routers.insert(0, router)

    @classmethod
    def start(cls) -> None:
        """Patch the libraries that are imported, and the others when they are."""
        if not cls._undo:
            for library in ("httpx", "httpx2"):
                cls._undo.append(when_imported(library, partial(cls._open, library)))

    @classmethod
    def stop(cls, force: bool = False) -> None:  # noqa: FBT001, FBT002 - respx's signature
        """Put everything back, unless a router is still in use."""
        if not cls.routers or force:
            while cls._undo:
                cls._undo.pop()()

    @classmethod
    def _open(cls, library: str) -> None:
        cls._undo.append(_door(library).install(_nobody))


def _nobody(_: object) -> Any:  # noqa: ANN401
    raise AssertionError("respx answers here")


@cache
def _door(name: str) -> Door:
    library: Any = sys.modules[name]
    door = Door()

    def sync(original: Callable[..., Any]) -> Callable[..., Any]:
        def handle_request(transport: Any, request: Any) -> Any:  # noqa: ANN401
            if door.ask is None:
                return original(transport, request)
            asked = _as_httpx(request)
            asked.read()
            try:
                response = FakeMocker.handler(asked)
            except PassThrough:
                request.stream = asked.stream
                return original(transport, request)
            except httpx.RequestError as error:
                raise _as_theirs(library, error, request) from error
            return _response(library, response, request)

        return handle_request

    def asynchronous(original: Callable[..., Any]) -> Callable[..., Any]:
        async def handle_async_request(transport: Any, request: Any) -> Any:  # noqa: ANN401
            if door.ask is None:
                return await original(transport, request)
            asked = _as_httpx(request)
            await asked.aread()
            try:
                response = await FakeMocker.async_handler(asked)
            except PassThrough:
                request.stream = asked.stream
                return await original(transport, request)
            except httpx.RequestError as error:
                raise _as_theirs(library, error, request) from error
            return _response(library, response, request)

        return handle_async_request

    return door.at(
        Seam(library.HTTPTransport, "handle_request", sync),
        Seam(library.AsyncHTTPTransport, "handle_async_request", asynchronous),
    )


def _as_httpx(request: Any) -> httpx.Request:  # noqa: ANN401 - of either library
    if isinstance(request, httpx.Request):
        return request
    return httpx.Request(
        request.method,
        str(request.url),
        headers=request.headers.raw,
        stream=request.stream,
        extensions=request.extensions,
    )


def _as_theirs(library: Any, error: httpx.RequestError, request: Any) -> Exception:  # noqa: ANN401
    if library is httpx:
        return error
    kind: type[Exception] = getattr(library, type(error).__name__, library.RequestError)
    return kind(str(error), request=request)  # type: ignore[call-arg]


def _response(library: Any, response: httpx.Response, request: Any) -> Any:  # noqa: ANN401
    stream: Any = response.stream if library is httpx else _stream(library)(response.stream, request)
    return library.Response(
        response.status_code, headers=response.headers.raw, stream=stream, extensions=response.extensions
    )


@cache
def _stream(library: Any) -> type[Any]:  # noqa: ANN401
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
                raise _as_theirs(library, error, self._request) from error

        async def __aiter__(self) -> AsyncIterator[bytes]:
            try:
                async for part in self._stream:
                    yield part
            except httpx.RequestError as error:
                raise _as_theirs(library, error, self._request) from error

    return Translated
