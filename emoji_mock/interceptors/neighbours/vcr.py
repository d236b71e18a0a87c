"""Let a cassette of vcrpy that starts after the fake play what it has; it refuses and records no call to the fake."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, WeakSet

from emoji_mock.interceptors.base import Interceptor, Patch, next_rank

if TYPE_CHECKING:
    from collections.abc import Callable


class CassetteInterceptor(Interceptor):
    """Intercept what a cassette plays, refuses and records."""

    def __init__(self) -> None:
        self._ranks: WeakKeyDictionary[Any, int] = WeakKeyDictionary()
        self._loading: WeakSet[Any] = WeakSet()
        kind: Any = import_module("vcr.cassette").Cassette
        super().__init__(
            Patch(kind, "__init__", self._init),
            Patch(kind, "can_play_response_for", self._can_play),
            Patch(kind, "filter_request", self._filter),
            Patch(kind, "_load", self._load),
            Patch(kind, "append", self._append),
        )

    def _answers(self, request: Any) -> bool:  # noqa: ANN401 - vcrpy's
        return self.port_for(request.host or "") is not None

    def _is_older(self, cassette: Any) -> bool:  # noqa: ANN401 - likewise
        return self._ranks.get(cassette, 0) < self.rank

    def _init(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def init(cassette: Any, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
            self._ranks[cassette] = next_rank()
            original(cassette, *args, **kwargs)

        return init

    def _can_play(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def can_play_response_for(cassette: Any, request: Any) -> Any:  # noqa: ANN401
            return not (self._answers(request) and self._is_older(cassette)) and original(cassette, request)

        return can_play_response_for

    def _filter(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def filter_request(cassette: Any, request: Any) -> Any:  # noqa: ANN401
            # A cassette that may not be written to asks this before a call.
            return None if self._answers(request) else original(cassette, request)

        return filter_request

    def _load(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def load(cassette: Any) -> None:  # noqa: ANN401
            self._loading.add(cassette)
            try:
                original(cassette)
            finally:
                self._loading.discard(cassette)

        return load

    def _append(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def append(cassette: Any, request: Any, response: Any) -> None:  # noqa: ANN401
            if cassette in self._loading or not self._answers(request):
                original(cassette, request, response)

        return append


NEIGHBOUR = CassetteInterceptor()
