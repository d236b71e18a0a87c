"""Call a hook when a module has been imported, without importing it.

Not by `wrapt.register_post_import_hook`: its hooks cannot be cancelled and its finder stays in `sys.meta_path`, whereas
an interception leaves nothing behind; and wrapt loads 52 modules (asyncio and ssl among them, 40 ms of CPU) into every
pytest run, in which the leak guard alone needs these hooks.
"""

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

    Hook = Callable[[], None]

_pending: dict[str, list[list[Hook]]] = {}
_lock = Lock()
_searching = local()


def when_imported(name: str, hook: Hook) -> Hook:
    """Call `hook` when module `name` is imported, or now if it is. Returns a function that cancels it."""
    entry = [hook]  # a list of its own, because one hook may be registered twice
    with _lock:
        if not _is_imported(name):
            _pending.setdefault(name, []).append(entry)
            if _FINDER not in sys.meta_path:
                sys.meta_path.insert(0, _FINDER)
            return partial(_cancel, name, entry)
    hook()
    return partial(_cancel, name, entry)


def is_loading(module: ModuleType) -> bool:
    """Return whether `module` is not yet executed to its end."""
    return bool(getattr(getattr(module, "__spec__", None), "_initializing", False))


def _is_imported(name: str) -> bool:
    module = sys.modules.get(name)
    return module is not None and not is_loading(module)


def _cancel(name: str, entry: list[Hook]) -> None:
    with _lock:
        left = [other for other in _pending.pop(name, []) if other is not entry]
        if left:
            _pending[name] = left
        _remove_idle_finder()


def _call_hooks(name: str) -> None:
    with _lock:
        entries = _pending.pop(name, [])
        _remove_idle_finder()
    for (hook,) in entries:
        hook()


def _remove_idle_finder() -> None:
    if not _pending and _FINDER in sys.meta_path:
        sys.meta_path.remove(_FINDER)


class _Finder(MetaPathFinder):
    """Find the modules that have hooks by the other finders, and wrap their loaders."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec that the other finders find, its loader wrapped."""
        del path, target
        if fullname not in _pending or getattr(_searching, "name", None) == fullname:
            return None
        _searching.name = fullname
        try:
            spec = find_spec(fullname)
        finally:
            _searching.name = None
        if spec is not None and spec.loader is not None:
            spec.loader = _HookLoader(spec, spec.loader)
        return spec


class _HookLoader(Loader):
    """Load a module by its real loader, then call its hooks. The module keeps no trace of this loader."""

    def __init__(self, spec: ModuleSpec, loader: Any) -> None:  # noqa: ANN401 - any loader
        self._spec, self._loader = spec, loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Create the module by the real loader."""
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Execute the module by the real loader, then call its hooks."""
        self._spec.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        _call_hooks(self._spec.name)


_FINDER = _Finder()
