"""Threads of the operating system where gevent or eventlet has replaced those of Python by greenlets."""

from __future__ import annotations

import sys
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def threads_replaced_by() -> str:
    """Return which library has replaced the threads of this process, or ""."""
    monkey: Any = sys.modules.get("gevent.monkey")
    if monkey is not None and monkey.is_module_patched("threading"):
        return "gevent"
    patcher: Any = sys.modules.get("eventlet.patcher")
    return "eventlet" if patcher is not None and patcher.is_monkey_patched("thread") else ""


def original(module: str, name: str) -> Any:  # noqa: ANN401 - anything of the module
    """Return what gevent has replaced in a module."""
    return sys.modules["gevent.monkey"].get_original(module, name)


def start(function: Callable[[], None], name: str, *, daemon: bool = False) -> None:
    """Call `function` in a new thread of the operating system, which runs on while others wait for it."""
    if threads_replaced_by() == "gevent":
        original("_thread", "start_new_thread")(function, ())
    else:
        Thread(target=function, name=name, daemon=daemon).start()
