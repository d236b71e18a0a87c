"""Doing something once a module has been imported, without importing it."""

from __future__ import annotations

import sys
from functools import partial
from importlib.abc import Loader, MetaPathFinder
from importlib.util import find_spec
from threading import Lock, local
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    Then = Callable[[], None]

_waiting: dict[str, list[list[Then]]] = {}
_lock = Lock()
_busy = local()


def when_imported(name: str, then: Then) -> Then:
    """Call `then` after module `name` has been imported: now, or some day. Returns what calls that off."""
    mine = [then]
    with _lock:
        if not _is_there(name):
            _waiting.setdefault(name, []).append(mine)
            if _FINDER not in sys.meta_path:
                sys.meta_path.insert(0, _FINDER)
            return partial(_forget, name, mine)
    then()
    return partial(_forget, name, mine)


def _is_there(name: str) -> bool:
    module = sys.modules.get(name)
    return module is not None and not getattr(getattr(module, "__spec__", None), "_initializing", False)


def _forget(name: str, mine: list[Then]) -> None:
    with _lock:
        left = [other for other in _waiting.pop(name, []) if other is not mine]
        if left:
            _waiting[name] = left
        if not _waiting and _FINDER in sys.meta_path:
            sys.meta_path.remove(_FINDER)


def _imported(name: str) -> None:
    with _lock:
        waiting = _waiting.pop(name, [])
        if not _waiting and _FINDER in sys.meta_path:
            sys.meta_path.remove(_FINDER)
    for (then,) in waiting:
        then()


class _Finder(MetaPathFinder):
    """Lets the others find a module, and asks to be told when it has been loaded."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec that the others find, with our loader around theirs."""
        del path, target
        if fullname not in _waiting or getattr(_busy, "name", None) == fullname:
            return None
        _busy.name = fullname
        try:
            spec = find_spec(fullname)
        finally:
            _busy.name = None
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec, spec.loader)
        return spec


class _Loader(Loader):
    """The loader of a module that somebody waits for; steps back once the module is to be loaded."""

    def __init__(self, spec: ModuleSpec, loader: Any) -> None:  # noqa: ANN401 - any loader
        self._spec, self._loader = spec, loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Let the real loader create the module."""
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Let the real loader run the module, then tell those who wait."""
        self._spec.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        _imported(self._spec.name)


_FINDER = _Finder()
