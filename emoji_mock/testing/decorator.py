"""A context manager that also decorates functions, whose context lasts until what they return is done."""

from __future__ import annotations

from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from contextvars import ContextVar
from functools import wraps
from inspect import (
    isasyncgen,
    isasyncgenfunction,
    isawaitable,
    isclass,
    iscoroutine,
    iscoroutinefunction,
    isgenerator,
    isgeneratorfunction,
)
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
    from types import TracebackType

    Again = Callable[[], AbstractContextManager[Any]]
    """Makes contexts that share their state."""

T = TypeVar("T")
P = ParamSpec("P")
R = TypeVar("R")

_ENTERED: ContextVar[tuple[AbstractContextManager[Any], ...]] = ContextVar("_ENTERED", default=())
"""What this thread or task has entered and not left, so that it leaves what it has entered itself."""


class ContextDecorator(AbstractContextManager[T]):
    """Enter a context for each `with`, and around each call of a decorated function until its result is done.

    `prepare` returns a function that makes contexts sharing their state. Threads and tasks may enter one object at
    once, each a context of its own.
    """

    def __init__(self, prepare: Callable[[], Callable[[], AbstractContextManager[T]]]) -> None:
        self._prepare = prepare
        self._entered: list[AbstractContextManager[T]] = []

    def __enter__(self) -> T:
        made = self._prepare()()
        value = made.__enter__()
        self._entered.append(made)
        _ENTERED.set((*_ENTERED.get(), made))
        return value

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        entered = _ENTERED.get()
        # A fixture may be left in another task than it was entered in: then it is the last one.
        made = next((each for each in reversed(entered) if each in self._entered), self._entered[-1])
        _ENTERED.set(tuple(each for each in entered if each is not made))
        self._entered.remove(made)
        return made.__exit__(kind, error, traceback)

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """Decorate `function`. Raises TypeError for a class, whose instances are never done."""
        if isclass(function):
            raise TypeError(
                f"{function.__qualname__} is a class, whose work is done after the call: use `with` inside it"
            )
        decorated: Any = _decorated(function, self._prepare)
        return wraps(function)(decorated)


def _decorated(function: Callable[..., Any], prepare: Callable[[], Again]) -> Callable[..., Any]:
    """Return a function of the same kind as `function`, because pytest and others call each kind in its own way."""
    if iscoroutinefunction(function):

        async def awaited(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - what the function returns
            return await _await(function(*args, **kwargs), prepare())

        return awaited
    if isgeneratorfunction(function):

        def generated(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:  # noqa: ANN401
            return (yield from _generate(function(*args, **kwargs), prepare()))

        return generated
    if isasyncgenfunction(function):
        return _async_generator(function, prepare)

    def called(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - likewise
        again = prepare()
        with again():
            result = function(*args, **kwargs)
            return _until_done(result, again)

    return called


def _until_done(result: Any, again: Again) -> Any:  # noqa: ANN401 - of any type
    """Return `result`, or an object of the same kind that enters a context of `again` while it works."""
    if callable(when_done := getattr(result, "add_done_callback", None)):  # it works whether somebody waits or not
        context = again()
        context.__enter__()

        def leave(_: object) -> None:
            context.__exit__(None, None, None)

        when_done(leave)
        return result
    if isasyncgen(result):
        return _async_generator(lambda: result, lambda: again)()
    for is_kind, keep in _KINDS:
        if is_kind(result):
            return keep(result, again)
    return result


async def _await(result: Awaitable[Any], again: Again) -> Any:  # noqa: ANN401
    with again():
        return await result


def _generate(result: Generator[Any, Any, Any], again: Again) -> Generator[Any, Any, Any]:
    with again():
        return (yield from result)


def _async_generator(
    start: Callable[..., AsyncGenerator[Any, Any]], prepare: Callable[[], Again]
) -> Callable[..., Any]:
    async def generated(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:  # noqa: ANN401
        with prepare()():
            result = start(*args, **kwargs)
            try:
                value = await anext(result)
                while True:
                    try:
                        sent = yield value
                    except GeneratorExit:
                        await result.aclose()
                        raise
                    except BaseException as error:  # noqa: BLE001 - the generator's to handle, as by `yield from`
                        value = await result.athrow(error)
                    else:
                        value = await result.asend(sent)
            except StopAsyncIteration:
                return

    return generated


@contextmanager
def _enter(result: AbstractContextManager[Any], again: Again) -> Generator[Any]:
    with again(), result as value:
        yield value


@asynccontextmanager
async def _enter_async(result: Any, again: Again) -> AsyncGenerator[Any]:  # noqa: ANN401
    with again():
        async with result as value:
            yield value


# What the two decorators return. Other context managers, such as a response of requests, are done when they are made.
_CONTEXT: type[Any] = type(_enter(nullcontext(), nullcontext))
_ASYNC_CONTEXT: type[Any] = type(_enter_async(None, nullcontext))


class _Awaited:
    """An awaitable that may also be an asynchronous context manager, such as a request of aiohttp."""

    def __init__(self, result: Any, again: Again) -> None:  # noqa: ANN401
        self._result, self._again = result, again
        self._context: AbstractContextManager[Any] | None = None

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._result, name)

    def __await__(self) -> Generator[Any, Any, Any]:
        return _await(self._result, self._again).__await__()

    async def __aenter__(self) -> Any:  # noqa: ANN401
        context = self._again()
        context.__enter__()
        try:
            value = await self._result.__aenter__()
        except BaseException:
            context.__exit__(None, None, None)
            raise
        self._context = context
        return value

    async def __aexit__(self, *error: object) -> Any:  # noqa: ANN401
        try:
            return await self._result.__aexit__(*error)
        finally:
            if self._context is not None:
                self._context.__exit__(None, None, None)


_KINDS: tuple[tuple[Callable[[Any], bool], Callable[[Any, Again], Any]], ...] = (
    (iscoroutine, _await),
    (isgenerator, _generate),
    (lambda result: isinstance(result, _CONTEXT), _enter),
    (lambda result: isinstance(result, _ASYNC_CONTEXT), _enter_async),
    (isawaitable, _Awaited),
)
