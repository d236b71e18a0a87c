"""Reset objects in a forked process: locks that no thread of the child would release, and random generators."""

from __future__ import annotations

import os
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar, overload
from weakref import WeakSet

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


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


class MadeWhenUsed(Generic[T]):
    """An attribute whose value `make` returns when it is first read; that of a `Locked` object, under its lock.

    Not `functools.cached_property`: from Python 3.12 on two threads may make two values, and what one of them has
    stored in its own is lost.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make, self._name, self.__doc__ = make, "", make.__doc__

    def __set_name__(self, _: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, _: type) -> Self: ...

    @overload
    def __get__(self, instance: Locked, _: type) -> T: ...

    def __get__(self, instance: Locked | None, _: type) -> T | Self:
        if instance is None:
            return self
        values = vars(instance)
        with instance._lock:  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # its own
            if self._name not in values:
                values[self._name] = self._make(instance)  # which Python then reads without this method
            value: T = values[self._name]
            return value


_alive: WeakSet[Forkable] = WeakSet()


def reset_after_fork(instance: Forkable) -> None:
    """Call `instance.after_fork` in every forked child, as long as it exists."""
    _alive.add(instance)


def _reset_all() -> None:
    for instance in list(_alive):
        instance.after_fork()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_reset_all)
