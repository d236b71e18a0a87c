"""Suspend plain code until an event loop has what it waits for, by greenlets, as SQLAlchemy's asyncio extension does.

The fake is plain code. Where its store is another process, a server lets each call run in a greenlet: at an operation
of the store the greenlet is left, the event loop goes on, and the reply resumes it.
"""

from __future__ import annotations

from threading import local
from typing import TYPE_CHECKING, Any

from greenlet import getcurrent, greenlet

if TYPE_CHECKING:
    from collections.abc import Callable

KEPT = 256
"""How many greenlets a thread keeps for further calls: to make one takes five times as long as a call in it."""


class SuspendableCall(greenlet):
    """A call that can wait inside an event loop, and, when it is over, the next one."""

    function: Callable[[], object] | None = None

    def __init__(self) -> None:
        super().__init__(self._run_calls)

    def _run_calls(self) -> None:
        """Run one function after another. What a function raises reaches whoever started or resumed it."""
        while self.function is not None:
            self.function()
            self.function = None
            if len(_idle.calls) >= KEPT:
                return
            _idle.calls.append(self)
            self.wait()

    def wait(self) -> Any:  # noqa: ANN401 - whatever resumes it passes
        """Suspend the call, and return what it is resumed with, or raise what it is failed with. Called by itself."""
        parent: Any = self.parent
        return parent.switch()

    def resume(self, value: object) -> None:
        """Let `wait` return `value`, and run the call on."""
        self.parent = getcurrent()
        self.switch(value)

    def fail(self, error: BaseException) -> None:
        """Let `wait` raise `error`, and run the call on."""
        self.parent = getcurrent()
        self.throw(error)


class _Idle(local):
    def __init__(self) -> None:
        self.calls: list[SuspendableCall] = []


_idle = _Idle()


def start_call(function: Callable[[], object]) -> None:
    """Run `function` in a suspendable call, until it waits or ends."""
    call = _idle.calls.pop() if _idle.calls else SuspendableCall()
    call.function = function
    call.parent = getcurrent()
    call.switch()


def current_call() -> SuspendableCall | None:
    """Return the suspendable call in which the caller runs, if it runs in one."""
    running = getcurrent()
    return running if isinstance(running, SuspendableCall) else None
