"""Let pook pass to the fake what none of its mocks matches."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from emoji_mock.interceptors.base import Interceptor, Patch

if TYPE_CHECKING:
    from collections.abc import Callable

_LIBRARY: Any = import_module("pook")


class PookInterceptor(Interceptor):
    """Intercept the lookup of a mock."""

    def __init__(self) -> None:
        super().__init__(Patch(_LIBRARY.Engine, "match", self._match))

    def _match(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def match(engine: Any, request: Any) -> Any:  # noqa: ANN401 - the library's
            try:
                return original(engine, request)
            except _LIBRARY.exceptions.PookNoMatches:
                url: str = request.rawurl
                if self.port_for(urlsplit(url).netloc) is None:
                    raise
            return None  # pook then makes the call

        return match


NEIGHBOUR = PookInterceptor()
