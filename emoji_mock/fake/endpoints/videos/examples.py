"""The manual's text and examples of the endpoints that create tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import structs

from emoji_mock.contract.documents.video import SiblingTaskCreated
from emoji_mock.fake.endpoints.documentation import ASYNC, RESOLVE, Documentation, Examples, rows_of
from emoji_mock.fake.rules import magic_urls

if TYPE_CHECKING:
    from msgspec import Struct

    from emoji_mock.contract.model import TaskModel

PICTURE = f"https://{magic_urls.HOST}/passed/640x800.png"
AUDIO = "https://example.com/me.wav"
VIDEO = "https://example.com/me.mp4"
ACCEPTED = "accepted"
"""The name of the example that makes a task."""
_REFUSED = f"https://{magic_urls.HOST}/error/Throttling.RateQuota.png"
_FAILS = f"https://{magic_urls.HOST}/failed/NoHuman.png"


def document(
    model: TaskModel,
    request: Struct,
    description: str,
    *,
    response: type[Struct] = SiblingTaskCreated,
    examples: Examples | None = None,
) -> Documentation:
    """Return the documentation of the endpoint of `model`, with `request` as the example of a call."""
    fails = {"accepted, and fails later": _with_url(request, _FAILS)} if model.pictures is not None else {}
    return Documentation(
        summary=f"{model.title} ({model.name})",
        description=description,
        parameters=(ASYNC, RESOLVE),
        request=type(request),
        request_examples={ACCEPTED: request, **fails, "error": _with_url(request, _REFUSED)},
        response=response,
        success={200: "The task was accepted."},
        examples=examples or (lambda caller: {ACCEPTED: caller.post(model.route.path, request)}),
        rows=rows_of(model),
    )


def _with_url(request: Struct, url: str) -> Struct:
    """Return `request` for the picture, or else the video, at `url`."""
    given: Any = request
    field = "image_url" if hasattr(given.input, "image_url") else "video_url"
    changed: Struct = structs.replace(given, input=structs.replace(given.input, **{field: url}))
    return changed
