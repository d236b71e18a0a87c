"""The vocabulary of a plan: a request step, a pause, and the flow that yields them. No step holds the API key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeAlias, TypeVar

from emoji_mock import __version__
from emoji_mock.contract.endpoint import MEDIA_TYPE, RESOLVE_HEADER
from emoji_mock.contract.exchange import Request  # noqa: TC001 - a named tuple evaluates the types of its fields

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from emoji_mock.client.image_ref import ImageFile
    from emoji_mock.contract.exchange import Headers, Response

T = TypeVar("T")
USER_AGENT = ("user-agent", f"emoji-mock/{__version__}")


class FileForm(NamedTuple):
    """A multipart form: text fields, then one file."""

    fields: dict[str, str]
    file: ImageFile


class RequestStep(NamedTuple, Generic[T]):
    """One exchange: the request, and how to parse its response at a time of day (seconds since the epoch).

    `with_key`: the adapter adds the API key. `billable`: the request counts against the rate limit and may be billed.
    `max_bytes` limits the response body; the longest JSON document has some hundred bytes.
    """

    request: Request
    parse: Callable[[Response, float], T]
    with_key: bool = True
    billable: bool = False
    form: FileForm | None = None
    max_bytes: int = 1024 * 1024


class Pause(NamedTuple):
    """A wait in seconds. `hint` is the advice if the deadline passes before its end."""

    seconds: float
    hint: str


if TYPE_CHECKING:
    Flow: TypeAlias = Generator[RequestStep[Any] | Pause, Any, T]


def single(step: RequestStep[T]) -> Flow[T]:
    """Return the flow of one step."""
    value: T = yield step
    return value


def json_headers(*urls: str) -> Headers:
    """Return the headers of a JSON body with URLs of files, which may be uploads."""
    headers: Headers = (("content-type", MEDIA_TYPE), ("accept", MEDIA_TYPE), USER_AGENT)
    is_uploaded = any(url.lower().startswith("oss:") for url in urls)
    return (*headers, (RESOLVE_HEADER, "enable")) if is_uploaded else headers
