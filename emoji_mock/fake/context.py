"""One call while it is being decided: the request, and what the checks have found out about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from emoji_mock.contract.endpoint import API_PREFIX
from emoji_mock.fake.accounting.api_keys import NOBODY, Caller

if TYPE_CHECKING:
    from emoji_mock.contract.endpoint import EndpointName
    from emoji_mock.contract.exchange import Headers, Request
    from emoji_mock.contract.geometry import Box, Size
    from emoji_mock.contract.models.detection import DetectRequest
    from emoji_mock.fake.checks.limits import Reservation
    from emoji_mock.fake.media import Media
    from emoji_mock.fake.network.faults import FaultKind
    from emoji_mock.fake.network.random_source import RandomSource
    from emoji_mock.fake.options import Options
    from emoji_mock.fake.store.ports import Store
    from emoji_mock.fake.store.values import VideoTask


_SLASH = re.compile("%2f", re.IGNORECASE)
CHINA = timezone(timedelta(hours=8))
"""The vendor's own time."""


@dataclass(slots=True, eq=False)
class RequestContext:
    """What is known of a call so far; each check reads what the ones before it have written."""

    request: Request
    options: Options
    store: Store
    media: Media
    headers: dict[str, str]
    at: float
    """When it came in, in seconds since the epoch."""
    random_source: RandomSource
    """Decide what is left to chance."""
    endpoint: EndpointName | None = None
    """What it is for, if anything is there."""
    caller: Caller = NOBODY
    key: str = ""
    """What stands behind the scheme in Authorization; it goes nowhere from here."""
    sent: DetectRequest | None = None
    """The body, if it is valid throughout."""
    document: dict[str, Any] | None = None
    """The body as loose JSON, if it is an object but not a valid one."""
    model: str = ""
    image_url: str = ""
    size: Size | None = None
    face: Box | None = None
    settled: bool = False
    """Whether a rule has decided that the picture passes."""
    ruled: bool = False
    """Whether the rules have been looked at."""
    fault: FaultKind | None = None
    seconds: float = 0.0
    """How long a stall or a drip takes."""
    delay: float = 0.0
    """How long the answer is held back, in seconds."""
    task: VideoTask | None = None
    """The task that it asks after, if it is the caller's."""
    boxes: tuple[Box, Box] | None = None
    """The face and the larger box that the caller names."""
    task_failure: str = ""
    """The name of the row in which the task will end."""
    status: int = 200
    """The status of an answer that nothing refuses."""
    reservation: Reservation | None = None
    """What limits hold for it until it is over."""
    shown_request: bytes | None = None
    """What the journal keeps in place of the body."""
    more_headers: Headers = ()
    """Headers that the answer has before those of its endpoint."""
    shown_target: str | None = None
    """What the journal keeps in place of the target."""
    shown_answer: bytes | None = None
    """What the journal keeps in place of the answer."""

    @property
    def lost(self) -> bool:
        """Whether the network loses it before anything is done about it."""
        return self.fault is not None and not self.fault.answered

    @property
    def authority(self) -> str:
        """The host and the port that were asked, as they were given."""
        return authority_of(self.request.target, self.headers.get("host", ""))

    @property
    def scheme(self) -> str:
        """Whether it came by https, as an absolute target or a proxy in front says, or else by http."""
        told = self.headers.get("x-forwarded-proto", "").partition(",")[0].strip().lower()
        return "https" if told == "https" or self.request.target[:8].lower() == "https://" else "http"

    @property
    def host(self) -> str:
        """The host that was asked, in lower case and without a port."""
        return host_of(self.request.target, self.headers.get("host", ""))

    @property
    def path(self) -> str:
        """The path that was asked, without the API's prefix and a trailing slash."""
        return normal_path(self.request.target)


def authority_of(target: str, host: str) -> str:
    """Return the host and port that a request target in absolute form names, or else the header `host`."""
    return host if target.startswith("/") else target.partition("://")[2].partition("/")[0]


def host_of(target: str, host: str) -> str:
    """Return the host alone, in lower case."""
    return authority_of(target, host).rpartition("@")[2].partition(":")[0].rstrip(".").lower()


def normal_path(target: str) -> str:
    """Return the path of a request target in origin or absolute form, without the API's prefix and a trailing slash."""
    path = target.partition("?")[0]
    if not path.startswith("/"):
        path = "/" + path.partition("://")[2].partition("/")[2]
    if "%" in path:
        path = unquote(_SLASH.sub("%252F", path))  # a slash that is quoted parts nothing
    return path.removeprefix(API_PREFIX).removesuffix("/")
