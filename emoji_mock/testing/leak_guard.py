"""The leak guard: stop a call to one of the vendor's hosts that would leave the machine, before a byte is sent.

Not by pytest-socket: it checks addresses at `connect`, so it cannot tell the vendor's hosts from others by name, and
does not see a call through a proxy.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import partial
from threading import Lock, current_thread, main_thread
from typing import TYPE_CHECKING, Any, NamedTuple

from emoji_mock._support.audit import listen
from emoji_mock._support.import_hooks import when_imported
from emoji_mock.contract.hosts import is_vendor_host
from emoji_mock.testing.checkpoints import AUDITED, CHECKPOINTS, Checkpoint, is_redirected
from emoji_mock.testing.processes import FORKS, ForkPipe

if TYPE_CHECKING:
    from collections.abc import Callable, Container
    from threading import Thread


class LeakError(OSError):
    """A call to the vendor that would have left this machine."""


class _Place(NamedTuple):
    """A patched attribute: its owner, what it was, whether its owner inherited that, and what it is now."""

    owner: Any
    original: Any
    inherited: bool
    guarded: Any


class LeakGuard:
    """Stop every call to the vendor that leaves the machine; record what was stopped until `take` returns it."""

    def __init__(self) -> None:
        self.open = False
        self.where = "an unknown caller"
        """The caller to name when a library calls from a thread of its own, so that no caller is on the stack."""
        self.only: Container[Thread] | None = None
        """The threads whose calls are stopped; without it, those of all."""
        self._leaks: list[str] = []
        self._lock = Lock()
        self._pipe = ForkPipe()
        self._places: dict[Checkpoint, _Place] = {}
        self._undo: list[Callable[[], None]] = []

    def install(self) -> None:
        """Listen to the audit events, and patch each checkpoint, now or when its module is imported."""
        self._undo.append(listen(AUDITED, self._on_event))
        self._undo.append(listen(FORKS, self._before_fork))
        for point in CHECKPOINTS:
            self._undo.append(when_imported(point.module, partial(self._patch, point)))

    def renew(self) -> None:
        """Patch again what somebody has put back since, or made anew by reloading a module."""
        for point, place in list(self._places.items()):
            owner = _owner(point)
            if owner is place.owner and place.owner.__dict__.get(point.name) is place.guarded:
                continue  # the usual case, at each step of each test
            made_anew = owner is not place.owner and _full_name(owner) == _full_name(place.owner)
            if made_anew or _is_put_back(place, point.name):
                self._patch(point)

    def uninstall(self) -> None:
        """Undo all patches that are in place, and stop listening."""
        for undo in reversed(self._undo):
            undo()
        self._undo.clear()
        for point, place in self._places.items():
            if place.owner.__dict__.get(point.name) is not place.guarded:
                continue
            if place.inherited:
                delattr(place.owner, point.name)
            else:
                setattr(place.owner, point.name, place.original)
        self._places.clear()
        self._pipe.close()

    def take(self) -> list[str]:
        """Return what was stopped since the last time, one text each; repeated attempts of a client count once."""
        sent = self._pipe.receive()
        if not self._leaks and not sent:
            return []  # the usual case, likewise
        with self._lock:
            leaks, self._leaks = self._leaks, []
        return list(dict.fromkeys([*leaks, *sent]))

    def _patch(self, point: Checkpoint) -> None:
        owner = _owner(point)
        original = getattr(owner, point.name, None)
        if original is None:
            return  # another version of the library
        guarded = self._guarded(original, point)
        try:
            place = _Place(owner, original, point.name not in vars(owner), guarded)
            setattr(owner, point.name, guarded)
        except TypeError:  # a type in C, whose attributes cannot be set
            subclass = type(point.owner, (owner,), {point.name: guarded, "__module__": point.module})
            module = sys.modules[point.module]
            setattr(module, point.owner, subclass)
            self._undo.append(partial(setattr, module, point.owner, owner))
        else:
            self._places[point] = place

    def _guarded(self, original: Callable[..., Any], point: Checkpoint) -> Callable[..., Any]:
        def guarded(*given: Any, **named: Any) -> Any:  # noqa: ANN401
            if not self.open and self._undo and not (point.redirected and is_redirected()):
                try:
                    self._check(point.host_of(given, named))
                except LeakError:
                    _shut_down(given)
                    raise
            return original(*given, **named)

        return guarded

    def _on_event(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.open:
            self._check(AUDITED[event](arguments, {}))

    def _before_fork(self, event: str, arguments: tuple[Any, ...]) -> None:
        del event, arguments
        self._pipe.open()

    def _check(self, host: object) -> None:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if not isinstance(name, str) or not is_vendor_host(name):
            return
        if self.only is not None and current_thread() not in self.only:
            return
        from emoji_mock.testing.callers import caller_on_stack  # noqa: PLC0415 - needed for a leak only

        leak = f"{caller_on_stack() or self.where} tried to reach {name} past the fake{self._note()}"
        self._record(leak)
        raise LeakError(f"{leak}; no byte of the call has left this machine")

    def _note(self) -> str:
        """Return in which process or thread the call was made, unless it is the main one."""
        if self._pipe.in_child:
            return f" (in the process {os.getpid()}, forked from this one)"
        thread = current_thread()
        if thread is main_thread() or thread.name == main_thread().name:  # eventlet has two of that name
            return ""
        return f" (in the thread {thread.name!r}, which an earlier test may have started)"

    def _record(self, leak: str) -> None:
        if self._pipe.in_child:
            self._pipe.send(leak)
            return
        with self._lock:
            self._leaks.append(leak)


def _owner(point: Checkpoint) -> Any:  # noqa: ANN401 - a class or a module
    module = sys.modules.get(point.module)  # eventlet imports copies that it takes out again
    return getattr(module, point.owner, None) if point.owner else module


def _is_put_back(place: _Place, name: str) -> bool:
    """Return whether the attribute is what it was, or what a class inherits; anything else is another mocker's."""
    current = getattr(place.owner, name, None)
    bases = getattr(place.owner, "__mro__", ())[1:]
    return current is place.original or any(base.__dict__.get(name) is current for base in bases)


def _full_name(owner: Any) -> tuple[object, object]:  # noqa: ANN401 - likewise
    return getattr(owner, "__module__", None), getattr(owner, "__qualname__", None)


def _shut_down(given: tuple[Any, ...]) -> None:
    """Shut the socket down: a client that ignores a failed write, as httpcore does, would wait forever."""
    shutdown = getattr(given[0], "shutdown", None) if given else None
    if shutdown is not None:
        with suppress(OSError):
            shutdown(2)
