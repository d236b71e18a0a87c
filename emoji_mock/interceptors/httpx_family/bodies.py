"""The bodies of responses of httpx or httpx2, as streams of the library, which is a parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emoji_mock.interceptors.waiting import wait, wait_async

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Iterator

    from emoji_mock.fake.port import FakePort


def slow_body(library: Any) -> type[Any]:  # noqa: ANN401 - a module
    """Return the class of a body that arrives in pieces with waits in between, or breaks off."""
    sync_stream: Any = library.SyncByteStream
    async_stream: Any = library.AsyncByteStream

    class SlowBody(sync_stream, async_stream):  # type: ignore[misc]  # bases known at run time only
        def __init__(self, port: FakePort, parts: Generator[float | bytes]) -> None:
            self._port, self._parts = port, parts

        def __iter__(self) -> Iterator[bytes]:
            for part in self._parts:
                if isinstance(part, bytes):
                    yield part
                else:
                    wait(self._port, part)

        async def __aiter__(self) -> AsyncIterator[bytes]:
            for part in self._parts:
                if isinstance(part, bytes):
                    yield part
                else:
                    await wait_async(self._port, part)

    return SlowBody


def held_body(library: Any) -> type[Any]:  # noqa: ANN401 - a module
    """Return the class of a body whose end or failure closes its connection."""
    sync_stream: Any = library.SyncByteStream
    async_stream: Any = library.AsyncByteStream

    class HeldBody(sync_stream, async_stream):  # type: ignore[misc]  # bases known at run time only
        def __init__(self, stream: Any, connection: Any) -> None:  # noqa: ANN401 - of httpx
            self._stream, self._connection = stream, connection

        def __iter__(self) -> Iterator[bytes]:
            try:
                yield from self._stream
            except BaseException as error:
                self._connection.abort(error)
                raise

        async def __aiter__(self) -> AsyncIterator[bytes]:
            try:
                async for part in self._stream:
                    yield part
            except BaseException as error:
                await self._connection.abort_async(error)
                raise

        def close(self) -> None:
            self._connection.close()

        async def aclose(self) -> None:
            await self._connection.aclose()

    return HeldBody
