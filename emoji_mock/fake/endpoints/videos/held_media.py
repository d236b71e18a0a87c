"""The audio and video files of a request: measured where they are held, uploaded or in a `data:` URL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.contract.rows import animate_anyone, liveportrait, service
from emoji_mock.fake.checks import image
from emoji_mock.fake.checks.refusal import Refused
from emoji_mock.fake.endpoints.videos.decision import VideoDecision, model_of, own
from emoji_mock.fake.store.values import Upload

if TYPE_CHECKING:
    from emoji_mock.contract.model import MediaFacts, MediaLimits, TaskModel
    from emoji_mock.contract.row import Row
    from emoji_mock.fake.context import RequestContext

_KINDS = {"audio_url": "audio", "video_url": "video", "ref_image_url": "image"}
"""What each URL names, beside the picture that is animated."""


def inspect_media(context: RequestContext, decision: VideoDecision) -> None:
    """Take length and frame of held audio and video. Raises Refused for a file that the model does not take.

    Where a rule says that the call passes, a file that is not taken has no length.
    """
    try:
        _inspect(context, decision)
    except Refused:
        if not decision.passes:
            raise


def _inspect(context: RequestContext, decision: VideoDecision) -> None:
    model, seconds = model_of(decision.model), dict[str, float]()
    for name, kind in _KINDS.items():
        url = decision.given.get(name) or ""
        if name not in (*model.fields, *model.optional) or (not url and name in model.optional):
            continue
        image.read_magic_url(url, decision.model)
        file = _held(context, model, name, url)
        if file is None or kind == "image":
            continue
        facts = _measured(context, model, kind, file)
        seconds[kind], decision.size = facts.seconds, facts.size or decision.size
    if decision.parameters.get("video_extension"):
        decision.seconds = seconds.get("audio", decision.seconds)
    else:
        decision.seconds = min(seconds.values(), default=decision.seconds)


def _held(context: RequestContext, model: TaskModel, name: str, url: str) -> bytes | Upload | None:
    """Return the file that `url` holds or names; None if it lies on another host."""
    if image.is_public(url):
        return None
    if not image.is_held(url):
        raise Refused(model.missing.get(name, service.BAD_URL))
    return image.held_file(context, url, model.name)


def _measured(context: RequestContext, model: TaskModel, kind: str, file: bytes | Upload) -> MediaFacts:
    """Return what a held file says of itself; an upload was measured when it came, and is empty if it is too large."""
    size = len(file.data if isinstance(file, Upload) else file)
    limits = model.audio if kind == "audio" else model.video
    if limits is not None and not 0 < size <= limits.longest:
        raise Refused(liveportrait.MEDIA_SIZE, later=True)
    facts = file.facts if isinstance(file, Upload) else context.media.measure(file)
    if facts is None or facts.kind != kind or (limits is not None and facts.container not in limits.containers):
        raise Refused(own(model, liveportrait.FILE_FORMAT, service.BAD_MEDIA), later=True)
    if limits is not None and (row := _beyond(limits, facts)) is not None:
        raise Refused(row, later=True)
    return facts


def _beyond(limits: MediaLimits, facts: MediaFacts) -> Row | None:
    """Return the row that refuses a file for its length, frame or rate, which are inferred for videos."""
    shortest, longest = limits.seconds
    if facts.kind == "audio":
        return None if shortest <= facts.seconds <= longest else liveportrait.AUDIO_LENGTH
    least, most = limits.sides or (0, max(facts.size or (0,)))
    good_frame = facts.size is None or (least <= min(facts.size) and max(facts.size) <= most)
    good = good_frame and facts.fps >= limits.least_fps and shortest <= facts.seconds <= longest
    return None if good else animate_anyone.TEMPLATE_CONTENT
