"""Let `requests_mock` pass to the fake what none of its matchers matches."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter

from emoji_mock.interceptors.base import Interceptor, Patch

if TYPE_CHECKING:
    from collections.abc import Callable

_LIBRARY: Any = import_module("requests_mock")


class RequestsMockInterceptor(Interceptor):
    """Intercept the adapter that it puts in the place of requests' own."""

    def __init__(self) -> None:
        super().__init__(Patch(_LIBRARY.Adapter, "send", self._send))

    def _send(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def send(adapter: Any, request: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - the library's
            try:
                return original(adapter, request, **kwargs)
            except _LIBRARY.NoMockAddress:
                if self.port_for(urlsplit(request.url or "").netloc) is None:
                    raise
            return HTTPAdapter().send(request, **kwargs)

        return send


NEIGHBOUR = RequestsMockInterceptor()
