"""A context manager that also decorates functions and coroutine functions."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import wraps
from inspect import isasyncgenfunction, isclass, iscoroutinefunction, isgeneratorfunction
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

T = TypeVar("T")
P = ParamSpec("P")
R = TypeVar("R")


class ContextDecorator(AbstractContextManager[T]):
    """Enter a context manager from `make` for each `with`, and around each call of a decorated function."""

    def __init__(self, make: Callable[[], AbstractContextManager[T]]) -> None:
        self._make = make
        self._entered: list[AbstractContextManager[T]] = []

    def __enter__(self) -> T:
        made = self._make()
        value = made.__enter__()
        self._entered.append(made)
        return value

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        return self._entered.pop().__exit__(kind, error, traceback)

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """Decorate `function`. Raises TypeError for a generator or a class, whose work is done after the call."""
        # If the context ended before the work was done, the calls would go to the real vendor.
        if isclass(function) or isgeneratorfunction(function) or isasyncgenfunction(function):
            kind = "a class" if isclass(function) else "a generator"
            raise TypeError(
                f"{function.__qualname__} is {kind}, whose work is done after the call: use `with` inside it"
            )
        if iscoroutinefunction(function):

            @wraps(function)
            async def awaited(*args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401 - what the coroutine returns
                with self._make():
                    return await function(*args, **kwargs)

            return awaited  # type: ignore[return-value]  # R is the coroutine

        @wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            with self._make():
                return function(*args, **kwargs)

        return called
