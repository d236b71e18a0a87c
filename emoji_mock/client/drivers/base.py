"""The shared half of both clients: construction, the start of a call, and the delivery of a result."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from emoji_mock._support.files import write_output
from emoji_mock.client.api_keys import check_key_transport, check_mock_key_target, resolve_api_key
from emoji_mock.client.base_url import resolve_base_url
from emoji_mock.client.errors import DetectionFailedError
from emoji_mock.client.limits import CallLimits, Timing
from emoji_mock.client.results import Failed
from emoji_mock.client.retry import ActiveCall, RequestPacer
from emoji_mock.client.transport import HttpBackend, open_backend
from emoji_mock.contract.models import MODELS

if TYPE_CHECKING:
    from os import PathLike
    from threading import Event

    from emoji_mock.client.results import AnyResult


class BaseClient:
    """An API key, a base URL, an HTTP backend and limits. Raises ApiKeyError, RequestError or TypeError."""

    _kind: Literal["Client", "AsyncClient"]

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        client: Any = None,  # noqa: ANN401 - of httpx or httpx2
        transport: Any = None,  # noqa: ANN401 - likewise
        raise_on_failed: bool = False,
        limits: CallLimits | None = None,
        timing: Timing | None = None,
    ) -> None:
        self.base_url = resolve_base_url(base_url)
        self.limits = limits or CallLimits()
        self.raise_on_failed = raise_on_failed
        self._key = resolve_api_key(api_key)
        self._timing = timing or Timing()
        check_key_transport(self._key, self.base_url)
        self._backend: HttpBackend = open_backend(self._kind, client, transport, self.base_url)
        self._pacers: dict[str, RequestPacer] = {}
        self._pacers_lock = Lock()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self.base_url!r}, api_key={self._key!r})"

    def _start_call(self, model: str = "", *, video: bool = False, stopped: Event | None = None) -> ActiveCall:
        if self._backend.networked:
            check_mock_key_target(self._key, self.base_url)
        seconds = self.limits.video_deadline if video else None
        return ActiveCall(self.limits, self._timing, self._pacer(model), seconds=seconds, stopped=stopped)

    def _pacer(self, model: str) -> RequestPacer:
        """Return the pacer of a model: the vendor counts the calls of each by itself."""
        with self._pacers_lock:
            if model not in self._pacers:
                per_second = self.limits.per_second or (MODELS[model].rps if model in MODELS else 1)
                self._pacers[model] = RequestPacer(per_second, self._timing.clock)
            return self._pacers[model]

    def _deliver(self, result: AnyResult, *, raise_on_failed: bool | None) -> AnyResult:
        """Return `result`, or raise a failed one if the call, or else the client, asks for it."""
        wanted = self.raise_on_failed if raise_on_failed is None else raise_on_failed
        if wanted and isinstance(result, Failed):
            raise DetectionFailedError(result)
        return result


def save_video(path: str | PathLike[str], content: bytes) -> Path:
    """Write `content` to `path`, replacing a file there, and return the path. Raises OSError, and leaves no file."""
    path = Path(path)
    if path.is_dir():
        raise IsADirectoryError(f"{str(path)!r} is a directory; give a file name, such as {str(path / 'me.mp4')!r}")
    write_output(path, content, lasting=True)
    return path
