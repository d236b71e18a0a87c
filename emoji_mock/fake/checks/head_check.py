"""Checks that read the head of a request alone, so that a head that has passed one passes it with every call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.fake.checks.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.fake.context import Decision, RequestContext
    from emoji_mock.fake.request_head import RequestHead


class HeadCheck:
    """A check of the head, made from a function that raises Refused; the registry leaves it out where it passes."""

    def __init__(self, function: Callable[[RequestHead], None]) -> None:
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__
        self._function = function

    def __call__(self, context: RequestContext, _: Decision, /) -> None:
        """Refuse the call, or do nothing."""
        self._function(context.head)

    def passes(self, head: RequestHead) -> bool:
        """Return whether every call with `head` passes."""
        try:
            self._function(head)
        except Refused:
            return False
        return True
