"""What begins anew in a process that was forked: locks that nobody there would release, and chance.

It stands on the lowest floor and imports nothing of ours.
"""

from __future__ import annotations

import os
from threading import Lock
from typing import Protocol
from weakref import WeakSet


class Forked(Protocol):
    """Something that a fork copies as it stands at that moment."""

    def after_fork(self) -> None:
        """Begin anew in the child."""
        ...


class Locked:
    """Something with a lock, `_lock`, that another thread may hold when this process is forked."""

    def __init__(self) -> None:
        self._lock = Lock()
        remember(self)

    def after_fork(self) -> None:
        """Take a lock that nobody holds."""
        self._lock = Lock()


_alive: WeakSet[Forked] = WeakSet()


def remember(one: Forked) -> None:
    """Let `one` begin anew in every child."""
    _alive.add(one)


def _begin_anew() -> None:
    for one in list(_alive):
        one.after_fork()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_begin_anew)
