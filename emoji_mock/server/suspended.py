"""Call in an event loop what may wait for a store in another process: the call is suspended meanwhile."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from emoji_mock._support.threads.suspension import start_call

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


async def suspendable(function: Callable[[], T]) -> T:
    """Return the result of `function`, which may wait in a suspendable call."""
    result: asyncio.Future[T] = asyncio.get_running_loop().create_future()

    def run() -> None:
        try:
            value = function()
        except Exception as error:  # noqa: BLE001 - it is raised where the result is awaited
            if not result.done():
                result.set_exception(error)
        else:
            if not result.done():
                result.set_result(value)

    start_call(run)
    return await result
