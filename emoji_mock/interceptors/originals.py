"""Find a library's own functions and classes while another tool's patches stand in their place.

What stands at an attribute now may be another tool's, and what stood there once may be another tool's that has ended.
A library's own function is known by its code: it was compiled in the library's package, under the attribute's name.
"""

from __future__ import annotations

import gc
from importlib import import_module
from types import FunctionType
from typing import Any
from weakref import WeakKeyDictionary

_functions: WeakKeyDictionary[Any, dict[str, Any]] = WeakKeyDictionary()


_own_functions: dict[tuple[Any, str], object] = {}
"""The functions that were found to be a class's own, by class and name: interceptors ask for them with every call."""


def is_own_function(owner: Any, name: str, value: object) -> bool:  # noqa: ANN401 - a class of any library
    """Return whether `value` is the function that the class `owner` was defined with under `name`."""
    if _own_functions.get((owner, name)) is value is not None:
        return True
    is_own = (
        isinstance(value, FunctionType)
        and value.__code__.co_qualname == f"{owner.__qualname__}.{name}"
        # Not the module: httpx and httpcore set another one for their public classes.
        and _package(value.__globals__.get("__name__")) == _package(owner.__module__)
    )
    if is_own:
        _own_functions[owner, name] = value
    return is_own


def _package(module: str | None) -> str:
    return (module or "").partition(".")[0]


def own_function(owner: Any, name: str, default: Any) -> Any:  # noqa: ANN401 - the library's
    """Return the function that the class `owner` was defined with under `name`, or `default` if it is gone."""
    current: Any = owner.__dict__[name]
    if is_own_function(owner, name, current):
        return current
    known = _functions.setdefault(owner, {})
    if name not in known:  # whoever replaced it keeps it, to put it back
        found = [each for each in gc.get_objects() if is_own_function(owner, name, each)]
        # Declarations by `typing.overload` have the same name, and stand before the function.
        known[name] = max(found, key=lambda each: each.__code__.co_firstlineno, default=None)
    return known[name] or default


def own_class(module: str, name: str) -> Any:  # noqa: ANN401 - the library's
    """Return the class that `module` defines as `name`, although another one may stand there now."""
    current = getattr(import_module(module), name)
    if _is_own_class(module, name, current):
        return current
    found = (each for each in gc.get_objects() if isinstance(each, type) and _is_own_class(module, name, each))
    return next(found, current)


def _is_own_class(module: str, name: str, value: Any) -> bool:  # noqa: ANN401
    return getattr(value, "__qualname__", None) == name and getattr(value, "__module__", None) == module
