"""A connection to the fake in a pool of httpcore, so that the pool's limits, timeouts and retries stay in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emoji_mock.interceptors.httpx_family import internals
from emoji_mock.interceptors.httpx_family.core import CoreRequest
from emoji_mock.interceptors.waiting import wait, wait_async

if TYPE_CHECKING:
    from emoji_mock.fake.port import FakePort
    from emoji_mock.interceptors.httpx_family.core import Core


class FakeConnection:
    """A connection for one exchange, sync or async: it is never used again, so none outlives its interception.

    httpcore calls `handle_request` when its pool has assigned a place. Where one is free, `take_place` and `send` do
    without the pool's queue.
    """

    def __init__(self, core: Core, port: FakePort, pool: Any) -> None:  # noqa: ANN401 - httpcore's
        self._core, self._port, self._pool = core, port, pool
        self._closed = self._has_place = self._in_httpcore = False

    def take_place(self) -> bool:
        """Take a place in the pool until the connection is closed; return whether one was free."""
        self._has_place = type(self._pool) in self._core.pools and internals.take_place(self._pool, self)
        return self._has_place

    def send(self, request: Any) -> Any:  # noqa: ANN401 - httpx's
        """Answer a request; a refused connection is tried again as often as the pool says."""
        core, retries = self._core, 0
        try:
            request.read()
            while True:
                try:
                    response = core.answers.answer(request, self._port)
                except core.library.ConnectError:
                    if retries >= internals.retries_of(self._pool):
                        raise
                    wait(self._port, _delay(retries))
                    retries += 1
                else:
                    response.stream = core.held_body(response.stream, self)
                    return response
        except BaseException as error:
            self.abort(error)
            raise

    async def send_async(self, request: Any) -> Any:  # noqa: ANN401 - httpx's
        """Answer a request in an event loop; a refused connection is tried again as often as the pool says."""
        core, retries = self._core, 0
        try:
            await request.aread()
            while True:
                try:
                    response = await core.answers.answer_async(request, self._port)
                except core.library.ConnectError:
                    if retries >= internals.retries_of(self._pool):
                        raise
                    await wait_async(self._port, _delay(retries))
                    retries += 1
                else:
                    response.stream = core.held_body(response.stream, self)
                    return response
        except BaseException as error:
            await self.abort_async(error)
            raise

    def handle_request(self, request: Any) -> Any:  # noqa: ANN401 - httpcore's
        """Answer a request of httpcore."""
        self._in_httpcore = True
        return self._core.response(self.send(CoreRequest(request)))

    async def handle_async_request(self, request: Any) -> Any:  # noqa: ANN401 - httpcore's
        """Answer a request of httpcore in an event loop."""
        self._in_httpcore = True
        return self._core.response(await self.send_async(CoreRequest(request)))

    def abort(self, error: BaseException) -> None:
        """End the exchange after `error`, and raise the one that callers expect instead, if it is another."""
        self.close()
        self._reraise(error)

    async def abort_async(self, error: BaseException) -> None:
        """End the exchange after `error`, and raise the one that callers expect instead, if it is another."""
        await self.aclose()
        self._reraise(error)

    def _reraise(self, error: BaseException) -> None:
        """Raise httpx's exception as httpx does: it is caused by httpcore's, which callers of httpcore get instead."""
        if isinstance(error, self._core.library.RequestError):
            core_error = self._core.error(error)
            raised, cause = (core_error, error) if self._in_httpcore else (error, core_error)
            raise raised from cause

    def close(self) -> None:
        """End the exchange."""
        closing = self._leave()
        if closing:
            internals.close_connections(self._pool, closing)

    async def aclose(self) -> None:
        """End the exchange."""
        closing = self._leave()
        if closing:
            await internals.close_connections(self._pool, closing)

    def _leave(self) -> list[Any]:
        """Free the place; return the connections that the pool has to close."""
        self._closed = True
        has_place, self._has_place = self._has_place, False
        return internals.leave_place(self._pool, self) if has_place else []

    def info(self) -> str:
        """Describe the connection for the repr of its pool."""
        return "emoji-mock"

    def can_handle_request(self, origin: object) -> bool:
        """Return False: it is for one exchange."""
        del origin
        return False

    def is_available(self) -> bool:
        """Return False: it takes no further request."""
        return False

    def is_idle(self) -> bool:
        """Return False: it is closed as soon as its exchange is over."""
        return False

    def has_expired(self) -> bool:
        """Return False: it lasts until its response has been read."""
        return False

    def can_multiplex(self) -> bool:
        """Return False: one exchange at a time."""
        return False

    def is_connected(self) -> bool:
        """Return whether the exchange lasts."""
        return not self._closed

    def is_closed(self) -> bool:
        """Return whether the exchange is over."""
        return self._closed


def _delay(retries: int) -> float:
    """Return how long httpcore waits after so many retries before it connects once more."""
    return 0.5 * 2 ** (retries - 1) if retries else 0.0
