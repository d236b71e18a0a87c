"""Call functions at audit events of the interpreter (PEP 578), which no other code can undo, as it can a patch.

A hook of the interpreter cannot be removed: so there is only one, and it does nothing while there is no listener.
"""

from __future__ import annotations

import sys
from functools import cache, partial
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Listener = Callable[[str, tuple[Any, ...]], None]

_listeners: dict[str, tuple[Listener, ...]] = {}
_lock = Lock()


def listen(events: Iterable[str], listener: Listener) -> Callable[[], None]:
    """Call `listener` with name and arguments of each of `events`. Returns a function that ends this.

    Of several listeners the last is called first. An exception of a listener's is raised by the function that raised
    the event, which then does nothing.
    """
    names = tuple(events)
    with _lock:
        for name in names:
            _listeners[name] = (listener, *_listeners.get(name, ()))
        _install_hook()
    return partial(_remove, names, listener)


@cache
def _install_hook() -> None:
    """Install the hook of the interpreter, once in a process."""
    sys.addaudithook(_hook)


def _remove(names: tuple[str, ...], listener: Listener) -> None:
    with _lock:
        for name in names:
            left = list(_listeners.get(name, ()))
            if listener in left:
                left.remove(listener)
            _listeners[name] = tuple(left)


# The default keeps the dictionary at the exit of the interpreter, which empties modules.
def _hook(event: str, arguments: tuple[Any, ...], listeners: dict[str, tuple[Listener, ...]] = _listeners) -> None:
    if event in listeners:
        for listener in listeners[event]:
            listener(event, arguments)
