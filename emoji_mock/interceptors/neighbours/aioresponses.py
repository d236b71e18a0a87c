"""Let aioresponses pass to the fake what none of its responses matches."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from aiohttp import ClientSession

from emoji_mock.interceptors.base import Interceptor, Patch

if TYPE_CHECKING:
    from collections.abc import Callable

_NAME = "_request"
_CORE: Any = import_module("aioresponses.core")


class AioresponsesInterceptor(Interceptor):
    """Place a function above the one that it places at its start."""

    def __init__(self) -> None:
        super().__init__(Patch(_CORE.aioresponses, "start", self._start))

    def _start(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def start(mock: Any) -> None:  # noqa: ANN401 - the library's
            below: Any = vars(ClientSession)[_NAME]
            original(mock)
            theirs: Any = vars(ClientSession)[_NAME]

            async def request(session: Any, method: str, url: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
                full = _CORE.URL(url)
                if self.port_for(full.raw_host or "") is not None:
                    sought = _CORE.normalize_url(_CORE.merge_params(full, kwargs.get("params")))
                    matchers = list(mock._matches.values())  # noqa: SLF001 - see INTERNALS
                    if not any(each.match(method, sought) for each in matchers):
                        return await below(session, method, url, *args, **kwargs)
                return await theirs(session, method, url, *args, **kwargs)

            setattr(ClientSession, _NAME, request)  # its end removes both

        return start


NEIGHBOUR = AioresponsesInterceptor()
