"""Facts about one journal entry: what was requested, for which picture, how it ended, and its name in a sentence."""

from collections.abc import Iterable
from functools import lru_cache

from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.model import DetectionModel, TaskModel
from emoji_mock.contract.models import DETECTION_MODELS, DETECTORS, MODELS, TASK_MODELS
from emoji_mock.contract.row import Outcome
from emoji_mock.contract.rows import animate_anyone, gateway, liveportrait, service
from emoji_mock.fake.accounting.journal import Entry
from emoji_mock.fake.accounting.pictures import unsigned
from emoji_mock.fake.request_head import normal_path
from emoji_mock.verdict.thresholds import PROMPT_SECONDS

_MAX_LABEL = 80
_SHORT = 1024
"""The caches keep only texts of fewer characters: a long one could be a whole head of a request."""
_normal_path = lru_cache(maxsize=1024)(normal_path)
_unsigned = lru_cache(maxsize=1024)(unsigned)

# 4xx answers that may change although the request does not: the vendor could not fetch the picture.
_FETCH_FAILURES = frozenset(
    row.name
    for row in (
        service.BAD_URL,
        service.CANNOT_DOWNLOAD,
        service.DOWNLOAD_TIMED_OUT,
        service.URL_REFUSED,
        service.URL_TIMEOUT,
        animate_anyone.URL_REFUSED,
        liveportrait.DOWNLOAD,
    )
)
_DETECTIONS = frozenset(model.route.path for model in DETECTION_MODELS)
_CREATIONS = frozenset(model.route.path for model in TASK_MODELS)
_FAILED_ROWS = frozenset(row.name for row in ROWS if row.outcome is Outcome.FAILED)


def path_of(entry: Entry) -> str:
    """Return the requested path without the API's prefix."""
    return (_normal_path if len(entry.target) < _SHORT else normal_path)(entry.target)


def is_detection(entry: Entry) -> bool:
    """Return whether the request is for a detection."""
    return entry.method == "POST" and path_of(entry) in _DETECTIONS


def is_video_request(entry: Entry) -> bool:
    """Return whether the request is for a video, or for the template of one."""
    return entry.method == "POST" and path_of(entry) in _CREATIONS


def detector_of(entry: Entry) -> DetectionModel | None:
    """Return the model whose verdict the picture of a video needs first, or None if it needs none."""
    model = MODELS.get(entry.model)
    return model.detector if isinstance(model, TaskModel) else None


def has_failed(entry: Entry) -> bool:
    """Return whether a detection failed: in its output, or as some models do, with HTTP 400."""
    return entry.outcome is Outcome.FAILED or (entry.outcome is Outcome.ERROR and entry.row in _FAILED_ROWS)


def has_variants(entry: Entry) -> bool:
    """Return whether the verdict on a picture depends on more than the picture, such as the ratio."""
    model = DETECTORS.get(entry.model)
    return model is not None and len(model.ratios) > 1


def picture_of(entry: Entry) -> str:
    """Return what identifies the picture, even if each attempt uploads it or signs its link anew."""
    return entry.picture or (_unsigned if len(entry.image_url) < _SHORT else unsigned)(entry.image_url)


def body_of(entry: Entry) -> str:
    """Return the request body, with what identifies the picture in place of its URL."""
    picture = picture_of(entry)
    return entry.request_body if picture == entry.image_url else entry.request_body.replace(entry.image_url, picture)


def is_transient(entry: Entry) -> bool:
    """Return whether the same request may succeed later: after 429, 5xx or a fault."""
    if entry.outcome is Outcome.ERROR:
        return entry.status >= 500 or entry.status == gateway.THROTTLED.status  # noqa: PLR2004
    return entry.outcome is Outcome.FAULT


def is_permanent(entry: Entry) -> bool:
    """Return whether the same request cannot succeed after this answer."""
    refused = entry.outcome is Outcome.ERROR and not entry.fault and 400 <= entry.status < 500  # noqa: PLR2004
    return refused and not is_transient(entry) and entry.row not in _FETCH_FAILURES


def is_delivered(entry: Entry) -> bool:
    """Return whether the caller certainly got its answer: at once, or because it waited for it."""
    return not entry.fault and (entry.delay <= PROMPT_SECONDS or entry.waited_out)


def label(entry: Entry) -> str:
    """Return the picture or the target, as the subject of a sentence."""
    text = entry.image_url or entry.target
    return text if len(text) <= _MAX_LABEL else f"{text[:_MAX_LABEL]}…"


def numbers(entries: Iterable[Entry]) -> tuple[int, ...]:
    """Return the numbers of exchanges."""
    return tuple(entry.number for entry in entries)
