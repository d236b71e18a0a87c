"""What both clients have in common: what they are made of, and how a result is handed out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from emoji_mock.client.api_keys import check_key_transport, check_mock_key_target, resolve_api_key, resolve_base_url
from emoji_mock.client.errors import DetectionFailedError
from emoji_mock.client.limits import Limits, Timing
from emoji_mock.client.results import Failed
from emoji_mock.client.retry import CallDeadline, RequestPacer
from emoji_mock.client.transport import HttpBackend, open_backend

if TYPE_CHECKING:
    from threading import Event

    from emoji_mock.client.results import Result


class Base:
    """A key, an address, a client of some HTTP library, and limits."""

    _kind: Literal["Client", "AsyncClient"]

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        client: Any = None,  # noqa: ANN401 - of httpx or httpx2
        transport: Any = None,  # noqa: ANN401 - likewise
        raise_on_failed: bool = False,
        limits: Limits | None = None,
        timing: Timing | None = None,
    ) -> None:
        self.base_url = resolve_base_url(base_url)
        self.limits = limits or Limits()
        self.raise_on_failed = raise_on_failed
        self._key = resolve_api_key(api_key)
        self._timing = timing or Timing()
        check_key_transport(self._key, self.base_url)
        self._carrier: HttpBackend = open_backend(self._kind, client, transport, self.base_url)
        self._pace = RequestPacer(self.limits.per_second, self._timing.clock)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self.base_url!r}, api_key={self._key!r})"

    def _course(self, *, video: bool = False, stopped: Event | None = None) -> CallDeadline:
        if self._carrier.networked:
            check_mock_key_target(self._key, self.base_url)
        seconds = self.limits.video_deadline if video else None
        return CallDeadline(self.limits, self._timing, self._pace, seconds=seconds, stopped=stopped)

    def _given(self, result: Result, *, raise_on_failed: bool | None) -> Result:
        wanted = self.raise_on_failed if raise_on_failed is None else raise_on_failed
        if wanted and isinstance(result, Failed):
            raise DetectionFailedError(result)
        return result
