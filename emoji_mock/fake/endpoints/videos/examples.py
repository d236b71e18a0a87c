"""The manual's text and examples of the endpoints that create tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.contract.documents.video import SiblingTaskCreated
from emoji_mock.fake.endpoints.documentation import ASYNC, RESOLVE, Documentation, Examples
from emoji_mock.fake.rules import magic_urls

if TYPE_CHECKING:
    from msgspec import Struct

    from emoji_mock.contract.model import TaskModel

PICTURE = f"https://{magic_urls.HOST}/passed/640x800.png"
AUDIO = "https://example.com/me.wav"
VIDEO = "https://example.com/me.mp4"
STATUSES = (400, 401, 403, 429, 500, 503)
"""The statuses of errors of a call that creates a task."""


def document(model: TaskModel, request: Struct, description: str, *, examples: Examples | None = None) -> Documentation:
    """Return the documentation of the endpoint of `model`, with `request` as the example of a call."""
    return Documentation(
        summary=f"{model.title} ({model.name})",
        description=description,
        parameters=(ASYNC, RESOLVE),
        request=type(request),
        request_examples={model.name: request},
        response=SiblingTaskCreated,
        success={200: "The task was accepted."},
        examples=examples or (lambda caller: {model.name: caller.post(model.route.path, request)}),
        statuses=STATUSES,
    )
