"""An executor for an event loop under gevent. A module of its own, because few processes load `concurrent.futures`."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from emoji_mock._support.threads import native
from emoji_mock._support.threads.fair_pool import fulfil

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")


class NativeExecutor(ThreadPoolExecutor):
    """Run each call in a thread of the operating system, where gevent has replaced those of Python."""

    def __init__(self) -> None:
        super().__init__(1)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call `fn` in a thread of its own."""
        future: Future[T] = Future()
        native.start(partial(fulfil, future, partial(fn, *args, **kwargs)), "emoji-mock")
        return future
