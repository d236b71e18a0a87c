"""The listeners of every fake in this process. A separate module, so that the plugin loads nothing else."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from emoji_mock.fake.accounting.journal import StoredCall

LISTENERS: list[Callable[[StoredCall], None]] = []
_is_untold: ContextVar[bool] = ContextVar("emoji_mock_is_untold", default=False)


def tell(stored: StoredCall) -> None:
    """Call the listeners with a call, unless it is one of our own."""
    if LISTENERS and not _is_untold.get():
        for listen in LISTENERS:
            listen(stored)


@contextmanager
def telling_nobody() -> Generator[None]:
    """Call no listener with what a fake answers in this context: nobody has called."""
    token = _is_untold.set(True)
    try:
        yield
    finally:
        _is_untold.reset(token)
