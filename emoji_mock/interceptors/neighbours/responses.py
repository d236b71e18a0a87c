"""Let `responses` pass to the fake what no response of its own matches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import responses

from emoji_mock.interceptors.base import Interceptor, Patch

if TYPE_CHECKING:
    from collections.abc import Callable


class _Passing:
    """A RequestsMock that also lets one URL pass; the user's own stays as it is."""

    def __init__(self, mock: Any, url: str) -> None:  # noqa: ANN401 - the library's
        self._mock = mock
        self.passthru_prefixes = (*mock.passthru_prefixes, url)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._mock, name)


class ResponsesInterceptor(Interceptor):
    """Intercept the lookup of a response."""

    def __init__(self) -> None:
        super().__init__(Patch(responses.RequestsMock, "_on_request", self._on_request))

    def _on_request(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def on_request(mock: Any, adapter: Any, request: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            answered = self.port_for(urlsplit(request.url or "").netloc) is not None
            return original(_Passing(mock, request.url) if answered else mock, adapter, request, **kwargs)

        return on_request


NEIGHBOUR = ResponsesInterceptor()
