"""One call while it is being decided: the request, and what the checks have found out about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from emoji_mock.contract.endpoint import API_PREFIX
from emoji_mock.fake.keys import NOBODY, Caller

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Request
    from emoji_mock.contract.geometry import Box, Size
    from emoji_mock.contract.wire import DetectRequest
    from emoji_mock.fake.options import Options
    from emoji_mock.fake.store import Store


@dataclass(slots=True, eq=False)
class Call:
    """What is known of a call so far; each check reads what the ones before it have written."""

    request: Request
    options: Options
    store: Store
    headers: dict[str, str]
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

    @property
    def host(self) -> str:
        """The host that was asked, in lower case and without a port."""
        target = self.request.target
        given = self.headers.get("host", "") if target.startswith("/") else target.partition("://")[2].partition("/")[0]
        return given.rpartition("@")[2].partition(":")[0].lower()

    @property
    def path(self) -> str:
        """The path that was asked, without the API's prefix and a trailing slash."""
        return normal_path(self.request.target)


def normal_path(target: str) -> str:
    """Return the path of a request target in origin or absolute form, without the API's prefix and a trailing slash."""
    path = target.partition("?")[0]
    if not path.startswith("/"):
        path = "/" + path.partition("://")[2].partition("/")[2]
    if "%" in path:
        path = unquote(path)
    return path.removeprefix(API_PREFIX).removesuffix("/")
