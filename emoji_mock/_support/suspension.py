"""Suspend plain code until an event loop has what it waits for, by greenlets, as SQLAlchemy's asyncio extension does.

The fake is plain code. Where its store is another process, a server lets each call run in a greenlet: at an operation
of the store the greenlet is left, the event loop goes on, and the reply resumes it.
"""

from __future__ import annotations

from typing import Any

from greenlet import getcurrent, greenlet


class SuspendableCall(greenlet):
    """A call that can wait inside an event loop. Everything but `wait` is called by the loop."""

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


def current_call() -> SuspendableCall | None:
    """Return the suspendable call in which the caller runs, if it runs in one."""
    running = getcurrent()
    return running if isinstance(running, SuspendableCall) else None
