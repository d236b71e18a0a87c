"""Let the fixture `httpx_mock` of pytest-httpx pass to the fake what no response of its own matches."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from emoji_mock.interceptors.base import Interceptor, Patch
from emoji_mock.interceptors.httpx_family.answers import HttpxAnswers

if TYPE_CHECKING:
    from collections.abc import Callable


class HttpxMockInterceptor(Interceptor):
    """Intercept the choice of the callback that makes a response."""

    def __init__(self) -> None:
        self._answers = HttpxAnswers(import_module("httpx"))
        super().__init__(Patch(import_module("pytest_httpx").HTTPXMock, "_get_callback", self._get_callback))

    def _get_callback(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def get_callback(mock: Any, transport: Any, request: Any) -> Any:  # noqa: ANN401 - the library's
            callback = original(mock, transport, request)
            port = self.port_for(request.url.host)
            if callback is not None or port is None:
                return callback
            is_async = hasattr(transport, "handle_async_request")
            return self._answers.async_handler(port) if is_async else self._answers.handler(port)

        return get_callback


NEIGHBOUR = HttpxMockInterceptor()
