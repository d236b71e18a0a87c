"""Reset objects in a forked process: locks that no thread of the child would release, and random generators."""

from __future__ import annotations

import os
from threading import Lock
from typing import Protocol
from weakref import WeakSet


class Forkable(Protocol):
    """An object that must be reset in a forked child."""

    def after_fork(self) -> None:
        """Reset it in the child."""
        ...


class Locked:
    """An object with a lock, `_lock`, that another thread may hold when the process is forked."""

    def __init__(self) -> None:
        self._lock = Lock()
        reset_after_fork(self)

    def after_fork(self) -> None:
        """Replace the lock by an unlocked one."""
        self._lock = Lock()


_alive: WeakSet[Forkable] = WeakSet()


def reset_after_fork(instance: Forkable) -> None:
    """Call `instance.after_fork` in every forked child, as long as it exists."""
    _alive.add(instance)


def _reset_all() -> None:
    for instance in list(_alive):
        instance.after_fork()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_reset_all)
