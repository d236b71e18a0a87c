"""What both clients have in common: what they are made of, and how a result is handed out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from emoji_mock.client.carrier import Carrier, open_carrier
from emoji_mock.client.errors import DetectionFailedError
from emoji_mock.client.keys import check_mock_key, check_pair, find_base_url, find_key
from emoji_mock.client.limits import Limits, Timing
from emoji_mock.client.results import Failed
from emoji_mock.client.retry import Course, Pace

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
        self.base_url = find_base_url(base_url)
        self.limits = limits or Limits()
        self.raise_on_failed = raise_on_failed
        self._key = find_key(api_key)
        self._timing = timing or Timing()
        check_pair(self._key, self.base_url)
        self._carrier: Carrier = open_carrier(self._kind, client, transport, self.base_url)
        self._pace = Pace(self.limits.per_second, self._timing.clock)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self.base_url!r}, api_key={self._key!r})"

    def _course(self, *, video: bool = False, stopped: Event | None = None) -> Course:
        if self._carrier.networked:
            check_mock_key(self._key, self.base_url)
        seconds = self.limits.video_deadline if video else None
        return Course(self.limits, self._timing, self._pace, seconds=seconds, stopped=stopped)

    def _given(self, result: Result, *, raise_on_failed: bool | None) -> Result:
        wanted = self.raise_on_failed if raise_on_failed is None else raise_on_failed
        if wanted and isinstance(result, Failed):
            raise DetectionFailedError(result)
        return result
