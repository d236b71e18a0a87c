"""Run the steps of a plan on sockets that block."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

from tenacity import Retrying

from emoji_mock._support.deadlines import DeadlinePassedError, run_within
from emoji_mock.client.drivers.base import BaseClient
from emoji_mock.client.plan.steps import Pause
from emoji_mock.client.receiving.exchange import Exchange
from emoji_mock.client.transport import convert_error

if TYPE_CHECKING:
    from emoji_mock.client.plan.steps import Flow, RequestStep
    from emoji_mock.client.retry import ActiveCall
    from emoji_mock.contract.exchange import Response

T = TypeVar("T")


class BlockingDriver(BaseClient):
    """A client that blocks until a step is done."""

    _kind: Literal["Client", "AsyncClient"] = "Client"

    def close(self) -> None:
        """Close the connections, unless the caller opened them."""
        if self._backend.owned:
            self._backend.client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _drive(self, flow: Flow[T], call: ActiveCall) -> T:
        retrying = Retrying(**call.retry_options(partial(self._sleep, call)))
        value: Any = None
        while True:
            try:
                step = flow.send(value)
            except StopIteration as done:
                result: T = done.value
                return result
            if isinstance(step, Pause):
                self._sleep(call, call.deadline.check(*step))
                value = None
            else:
                value = retrying(self._ask, step, call)

    def _ask(self, step: RequestStep[T], call: ActiveCall) -> T:
        if step.billable and (seconds := call.take_turn()):
            self._sleep(call, seconds)
        call.raise_if_stopped()
        exchange = Exchange(step, self._key, call.deadline)
        send = partial(self._send, step, call, exchange)
        if self._backend.in_process:
            return step.parse(send(), self._timing.now())
        try:
            # The timeouts of both libraries begin again with each byte, and finding an address has none.
            response = run_within(call.deadline.remaining(), send)
        except DeadlinePassedError:
            raise exchange.deadline_error() from None
        return step.parse(response, self._timing.now())

    def _send(self, step: RequestStep[Any], call: ActiveCall, exchange: Exchange) -> Response:
        backend = self._backend
        request = backend.build_request(step, self._key, call.deadline.timeout())
        try:
            response = backend.client.send(request, stream=True, auth=None, follow_redirects=False)
            try:
                for part in response.iter_raw() if exchange.begin(response) else response.iter_bytes():
                    exchange.add(part)
            finally:
                response.close()
        except backend.library.HTTPStatusError as error:  # raised by an event hook before the body is read
            exchange.skip_body(error.response)
        except backend.errors as error:
            again = self.limits.again_after_timeout
            raise convert_error(error, request, step, exchange.status, again_after_timeout=again) from error
        return exchange.finish()

    def _sleep(self, call: ActiveCall, seconds: float) -> None:
        (self._timing.sleep or call.stopped.wait)(seconds)
