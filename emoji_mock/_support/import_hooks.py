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
    from collections.abc import Callable, Collection, Iterable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    Hook = Callable[[], None]
    HookByName = Callable[[str], None]


class _Watch:
    """A hook, the modules for each of which it is called once, and those for which it was called."""

    __slots__ = ("called", "hook", "names")

    def __init__(self, hook: HookByName, names: Collection[str], called: Iterable[str]) -> None:
        self.hook, self.names, self.called = hook, names, set(called)

    def awaits(self, name: str) -> bool:
        """Return whether the hook is still to be called for the module `name`."""
        return name in self.names and name not in self.called

    def lasts(self) -> bool:
        """Return whether the hook is still to be called for any module."""
        return len(self.called) < len(self.names)


_watches: list[_Watch] = []
_lock = Lock()
_searching = local()


def when_imported(name: str, hook: Hook) -> Hook:
    """Call `hook` when module `name` is imported, or now if it is. Returns a function that cancels it."""
    return when_any_imported((name,), lambda _: hook())


def when_any_imported(names: Collection[str], hook: HookByName) -> Hook:
    """Call `hook` with the name of each module of `names`, each given once, that is imported, or when it is.

    Returns a function that cancels it. An exception of `hook` cancels it, too, if it is called now.
    """
    with _lock:
        modules = sys.modules
        present = [name for name in names if name in modules and _is_imported(name)]
        watch = _Watch(hook, names, present)
        if watch.lasts():
            _watches.append(watch)
            if _FINDER not in sys.meta_path:
                sys.meta_path.insert(0, _FINDER)
    cancel = partial(_cancel, watch)
    try:
        for name in present:
            hook(name)
    except BaseException:
        cancel()
        raise
    return cancel


def is_loading(module: ModuleType) -> bool:
    """Return whether `module` is not yet executed to its end."""
    return bool(getattr(getattr(module, "__spec__", None), "_initializing", False))


def _is_imported(name: str) -> bool:
    module = sys.modules.get(name)
    return module is not None and not is_loading(module)


def _cancel(watch: _Watch) -> None:
    with _lock:
        if watch in _watches:
            _watches.remove(watch)
            _remove_idle_finder()


def _call_hooks(name: str) -> None:
    with _lock:
        called = [watch for watch in _watches if watch.awaits(name)]
        for watch in called:
            watch.called.add(name)
        _watches[:] = [watch for watch in _watches if watch.lasts()]
        _remove_idle_finder()
    for watch in called:
        watch.hook(name)


def _remove_idle_finder() -> None:
    if not _watches and _FINDER in sys.meta_path:
        sys.meta_path.remove(_FINDER)


class _Finder(MetaPathFinder):
    """Find the modules that have hooks by the other finders, and wrap their loaders."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec that the other finders find, its loader wrapped."""
        del path, target
        # A copy, as another thread may end a watch meanwhile.
        if not any(watch.awaits(fullname) for watch in tuple(_watches)):
            return None
        if getattr(_searching, "name", None) == fullname:
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
