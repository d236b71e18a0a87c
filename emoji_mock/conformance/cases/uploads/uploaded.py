"""Cases that use an uploaded picture, in a detection or in a request for a video."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.conformance.cases.case import VIDEO_PATH, Case, ExpectedAnswer, SetupRequest, of_black_picture
from emoji_mock.conformance.cases.documents import ACCEPTED
from emoji_mock.conformance.cases.payloads import (
    AUTHORIZATION,
    JSON_CONTENT,
    RESOLVE,
    VIDEO_HEADERS,
    detection_body,
    video_body,
)
from emoji_mock.conformance.cases.placeholders import UPLOAD_DIR
from emoji_mock.conformance.cases.uploads.storage import OBSERVED, PICTURE_SIZE, grant, store
from emoji_mock.contract.endpoint import MODEL, UPLOAD_SECONDS, VIDEO_MODEL
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.models.emoji import DETECT
from emoji_mock.contract.row import Outcome
from emoji_mock.contract.rows import failed, service
from emoji_mock.contract.rows.table import known

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Headers
    from emoji_mock.contract.provenance import Provenance
    from emoji_mock.contract.row import Row

_GUESS = known("I", "emoji-mock")
_SMALL = Size(399, 400)
_IMAGE_URL = f"oss://{UPLOAD_DIR}/me.png"
_JSON, _JSON_RESOLVED = (AUTHORIZATION, JSON_CONTENT), (AUTHORIZATION, JSON_CONTENT, RESOLVE)
_TWO_DAYS_LATER = UPLOAD_SECONDS + 1
_INSIDE = {"face_bbox": [120, 120, 240, 240], "ext_bbox": [60, 60, 300, 300]}
_OUTSIDE = {**_INSIDE, "ext_bbox": [60, 60, 401, 401]}


def _detected(
    name: str, expected: Row | Outcome, provenance: Provenance, *setup: SetupRequest, headers: Headers = _JSON_RESOLVED
) -> Case:
    # The uploaded pictures are black: a live service would refuse them, and bill that.
    return Case(
        name=f"uploaded/{name}",
        expected=of_black_picture(expected, DETECT),
        provenance=provenance,
        headers=headers,
        body=detection_body(_IMAGE_URL),
        size=PICTURE_SIZE,
        live=False,
        setup=setup,
    )


def _animated(
    name: str,
    expected: ExpectedAnswer,
    provenance: Provenance,
    *,
    model: str = VIDEO_MODEL,
    headers: Headers = (*VIDEO_HEADERS, RESOLVE),
    boxes: dict[str, list[int]] = _INSIDE,
) -> Case:
    return Case(
        name=f"uploaded/{name}",
        expected=(expected,),
        provenance=provenance,
        path=VIDEO_PATH,
        headers=headers,
        body=video_body(image_url=_IMAGE_URL, **boxes),
        live=False,
        setup=(grant(model), store()),
    )


_STORED = (grant(), store())
UPLOADED_CASES: tuple[Case, ...] = (
    _detected("passed", Outcome.PASSED, OBSERVED, *_STORED),
    _detected("too-small", failed.RESOLUTION, failed.RESOLUTION.provenance, grant(), store(_SMALL)),
    _detected("without-the-header", service.BAD_MEDIA, service.BAD_MEDIA.provenance, *_STORED, headers=_JSON),
    _detected("for-another-model", service.CANNOT_DOWNLOAD, _GUESS, grant(VIDEO_MODEL), store()),
    _detected("never-stored", service.CANNOT_DOWNLOAD, _GUESS, grant()),
    _detected("after-two-days", service.CANNOT_DOWNLOAD, _GUESS, grant(), store(wait=_TWO_DAYS_LATER)),
    _animated("animated", ACCEPTED, OBSERVED),
    _animated("animated-outside", service.EXT_INVALID, _GUESS, boxes=_OUTSIDE),
    _animated("animated-without-the-header", service.BAD_MEDIA, _GUESS, headers=VIDEO_HEADERS),
    _animated("animated-for-another-model", service.CANNOT_DOWNLOAD, _GUESS, model=MODEL),
)
"""Detections of an uploaded picture, and requests for a video of one."""
