"""Run the steps of a plan on asyncio and trio."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

import anyio
from tenacity import AsyncRetrying

from emoji_mock.client.drivers.base import BaseClient
from emoji_mock.client.plan.steps import Pause
from emoji_mock.client.receiving.exchange import Exchange
from emoji_mock.client.transport import convert_error

if TYPE_CHECKING:
    from emoji_mock.client.plan.steps import Flow, RequestStep
    from emoji_mock.client.retry import ActiveCall
    from emoji_mock.contract.exchange import Response

T = TypeVar("T")


class AwaitingDriver(BaseClient):
    """A client that awaits each step."""

    _kind: Literal["Client", "AsyncClient"] = "AsyncClient"

    async def aclose(self) -> None:
        """Close the connections, unless the caller opened them."""
        if self._backend.owned:
            await self._backend.client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def _drive(self, flow: Flow[T], call: ActiveCall) -> T:
        retrying = AsyncRetrying(**call.retry_options(self._sleep))
        value: Any = None
        while True:
            try:
                step = flow.send(value)
            except StopIteration as done:
                result: T = done.value
                return result
            if isinstance(step, Pause):
                await self._sleep(call.deadline.check(*step))
                value = None
            else:
                value = await retrying(self._ask, step, call)

    async def _ask(self, step: RequestStep[T], call: ActiveCall) -> T:
        if step.billable and (seconds := call.take_turn()):
            await self._sleep(seconds)
        exchange = Exchange(step, self._key, call.deadline)
        try:
            with anyio.fail_after(call.deadline.remaining()):
                response = await self._send(step, call, exchange)
        except TimeoutError:
            raise exchange.deadline_error() from None
        return step.parse(response, self._timing.now())

    async def _send(self, step: RequestStep[Any], call: ActiveCall, exchange: Exchange) -> Response:
        backend = self._backend
        request = backend.build_request(step, self._key, call.deadline.timeout())
        try:
            response = await backend.client.send(request, stream=True, auth=None, follow_redirects=False)
            try:
                async for part in response.aiter_raw() if exchange.begin(response) else response.aiter_bytes():
                    exchange.add(part)
            finally:
                await response.aclose()
        except backend.library.HTTPStatusError as error:  # raised by an event hook before the body is read
            exchange.skip_body(error.response)
        except backend.errors as error:
            again = self.limits.again_after_timeout
            raise convert_error(error, request, step, exchange.status, again_after_timeout=again) from error
        return exchange.finish()

    async def _sleep(self, seconds: float) -> None:
        await (self._timing.sleep or anyio.sleep)(seconds)
