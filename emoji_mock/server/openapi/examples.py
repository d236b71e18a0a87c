"""The manual's examples of uploads and tasks: what a fake of its own says, so that no document stands here."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import msgspec

from emoji_mock.assembly import Fake
from emoji_mock.contract.endpoint import (
    API_PREFIX,
    ASYNC_HEADER,
    HOME,
    MEDIA_TYPE,
    MODEL,
    TASKS,
    UPLOADS,
    VIDEO_MODEL,
    VIDEO_SECONDS,
    VIDEO_SYNTHESIS,
)
from emoji_mock.contract.exchange import Request, Response
from emoji_mock.contract.models.video import VideoInput, VideoRequest
from emoji_mock.contract.motions import DRIVEN_IDS, Status
from emoji_mock.contract.rows import failed
from emoji_mock.fake.options import Options
from emoji_mock.fake.rules import magic_urls

_BEGUN = 1_795_366_800.0  # 2026-11-23 01:00 in China
_HEADERS = (("host", HOME.removeprefix("https://")), ("authorization", "Bearer sk-mock-manual"))


def video_request(image_url: str = f"https://{magic_urls.HOST}/passed/640x800.png") -> VideoRequest:
    """Return a request for a video, with the vendor's own boxes."""
    return VideoRequest(VIDEO_MODEL, VideoInput(image_url, DRIVEN_IDS[0], (212, 194, 460, 441), (63, 30, 609, 575)))


@dataclass(slots=True)
class Examples:
    """What is said of a policy, of a new task, of a task in each state, of the list, and of a cancellation."""

    policy: Any = None
    created: Any = None
    told: dict[str, Any] = field(default_factory=dict[str, Any])
    listed: Any = None
    cancelled: Any = None


def examples() -> Examples:
    """Return what a fake says in a quarter of an hour: three tasks, one of which fails, and one is called off."""
    now = _BEGUN
    fake = Fake(Options(seed=7), clock=lambda: now)

    def asked(method: str, path: str, sent: VideoRequest | None = None) -> Any:  # noqa: ANN401 - any JSON
        headers = (*_HEADERS, ("content-type", MEDIA_TYPE), (ASYNC_HEADER, "enable")) if sent else _HEADERS
        body = msgspec.json.encode(sent) if sent else b""
        reply = fake.answer(Request(method, API_PREFIX + path, headers, body))
        assert isinstance(reply, Response)  # noqa: S101 - no rule stands
        return json.loads(reply.body)

    def state(created: Any) -> Any:  # noqa: ANN401
        return asked("GET", f"{TASKS}/{created['output']['task_id']}")

    found = Examples(policy=asked("GET", f"{UPLOADS}?action=getPolicy&model={MODEL}"))
    found.created = asked("POST", VIDEO_SYNTHESIS, video_request())
    fails = asked("POST", VIDEO_SYNTHESIS, video_request(magic_urls.url_for(failed.FACE_POSE)))
    waits = asked("POST", VIDEO_SYNTHESIS, video_request())
    now += 1
    found.told = {Status.PENDING: state(waits), Status.RUNNING: state(found.created)}
    found.cancelled = asked("POST", f"{TASKS}/{waits['output']['task_id']}/cancel")
    now += 2 * VIDEO_SECONDS[1]
    found.told |= {
        Status.SUCCEEDED: state(found.created),
        Status.FAILED: state(fails),
        Status.CANCELED: state(waits),
        Status.UNKNOWN: asked("GET", f"{TASKS}/nobodys"),
    }
    found.listed = asked("GET", TASKS)
    return found
