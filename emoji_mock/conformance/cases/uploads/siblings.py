"""Cases of uploads for each sibling: pictures for a detection, pictures and audio for a task."""

from __future__ import annotations

from struct import pack
from typing import TYPE_CHECKING, Unpack

from emoji_mock.conformance.cases.case import Case, CaseFields, ExpectedAnswer, SetupRequest, of_black_picture
from emoji_mock.conformance.cases.documents import POLICY_GRANTED, failed_with
from emoji_mock.conformance.cases.payloads import (
    AUTHORIZATION,
    JSON_CONTENT,
    RESOLVE,
    VIDEO_HEADERS,
    black_png,
    body_for,
)
from emoji_mock.conformance.cases.placeholders import FILLER, TASK_ID, UPLOAD_DIR
from emoji_mock.conformance.cases.uploads.storage import OBSERVED, grant, policy_path, store, store_file
from emoji_mock.conformance.cases.videos.shapes import accepted
from emoji_mock.conformance.cases.videos.siblings import SIBLINGS, task_body
from emoji_mock.conformance.cases.videos.states import FINISHED, KEY_ONLY, TASK_PATH
from emoji_mock.contract.endpoint import MODEL, VIDEO_MODEL
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.models import DETECTION_MODELS, MODELS
from emoji_mock.contract.row import Outcome
from emoji_mock.contract.rows import liveportrait, service
from emoji_mock.contract.rows.table import of_siblings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.contract.model import DetectionModel, MediaLimits, Model, PictureLimits, TaskModel
    from emoji_mock.contract.provenance import Provenance

_GUESS = of_siblings("I", "emoji-mock")
_URL = f"oss://{UPLOAD_DIR}/me.png"
_RESOLVED = (AUTHORIZATION, JSON_CONTENT, RESOLVE)
_PICTURE = Size(400, 400)


def _case(
    model: Model, /, name: str, expected: ExpectedAnswer, provenance: Provenance, **fields: Unpack[CaseFields]
) -> Case:
    # The uploaded files are black and silent: a live service would refuse them, and bill that.
    fields["live"], fields["model"] = False, model.name
    fields.setdefault("body", b"")
    return Case(
        name=f"{model.name}/{name}", expected=of_black_picture(expected, model), provenance=provenance, **fields
    )


def _policies() -> Iterator[Case]:
    for model in (model for model in MODELS.values() if model.name not in (MODEL, VIDEO_MODEL)):
        name, path = "policy/granted", policy_path(model.name)
        yield _case(model, name, POLICY_GRANTED, _GUESS, method="GET", path=path, headers=KEY_ONLY)


def _detected(model: DetectionModel, limits: PictureLimits) -> Iterator[Case]:
    granted, heavy = grant(model.name), black_png(_PICTURE) + FILLER
    for name, expected, setup in (
        ("passed", Outcome.PASSED, (granted, store(_PICTURE))),
        ("for-another-model", service.CANNOT_DOWNLOAD, (grant(MODEL), store(_PICTURE))),
        ("never-stored", service.CANNOT_DOWNLOAD, (granted,)),
        ("too-heavy", limits.bytes_row, (granted, store_file(heavy, filler=limits.longest + 1))),
    ):
        path, body = model.route.full_path, body_for(model, _URL)
        headers = _RESOLVED
        yield _case(model, f"uploaded/{name}", expected, _GUESS, path=path, headers=headers, body=body, setup=setup)


def _animated(model: TaskModel) -> Iterator[Case]:
    path, headers = model.route.full_path, (*VIDEO_HEADERS, RESOLVE)
    body = task_body(model, image_url=_URL, **_INSIDE if "face_bbox" in model.fields else {})
    gone = liveportrait.DOWNLOAD if model.name in liveportrait.DOWNLOAD.models else service.CANNOT_DOWNLOAD
    other = model.detector.name if model.detector is not None else MODEL
    for name, expected, setup in (
        ("never-stored", gone, (grant(model.name),)),
        ("for-another-model", gone, (grant(other), store(_PICTURE))),
    ):
        yield _case(model, f"uploaded/{name}", expected, _GUESS, path=path, headers=headers, body=body, setup=setup)
    if "template_id" not in model.fields:
        setup = (grant(model.name), store(_PICTURE))
        shape = accepted(model)
        yield _case(model, "uploaded/animated", shape, OBSERVED, path=path, headers=headers, body=body, setup=setup)


_INSIDE = {"face_bbox": [120, 120, 240, 240], "ext_bbox": [60, 60, 300, 300]}


def _wav(seconds: float, rate: int = 100) -> bytes:
    """Return the head of a WAV file of silence, one byte a sample; the samples are to follow."""
    length = round(seconds * rate)
    form = pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate, 1, 8)
    return pack("<4sI4s", b"RIFF", 36 + length, b"WAVE") + form + pack("<4sI", b"data", length) + FILLER


def _audio(model: TaskModel, limits: MediaLimits) -> Iterator[Case]:
    """Yield how a task ends by the audio that was uploaded for it."""
    shortest, longest = limits.seconds
    rate = limits.longest // 10
    values = {"shortest": f"{round(shortest)}", "longest": f"{round(longest)}"}
    heavy = {"megabytes": f"{-(-limits.longest // 2**20)}"}
    too_long = failed_with(liveportrait.AUDIO_LENGTH, **values)
    too_heavy = failed_with(liveportrait.MEDIA_SIZE, **heavy)
    for name, expected, seconds, samples in (
        ("audio-too-long", too_long, longest + 1, 100),
        ("audio-too-heavy", too_heavy, 11.0, rate),
    ):
        stored = store_file(_wav(seconds, samples), filler=round(seconds * samples))
        creation = SetupRequest(
            path=model.route.full_path,
            headers=(*VIDEO_HEADERS, RESOLVE),
            body=task_body(model, audio_url=_URL),
            captures={TASK_ID: "output.task_id"},
            wait=FINISHED,
        )
        setup = (grant(model.name), stored, creation)
        yield _case(
            model, f"uploaded/{name}", expected, _GUESS, method="GET", path=TASK_PATH, headers=KEY_ONLY, setup=setup
        )


def _cases() -> Iterator[Case]:
    yield from _policies()
    for model in DETECTION_MODELS:
        if model.pictures is not None and model.name != MODEL:
            yield from _detected(model, model.pictures)
    for task_model in SIBLINGS:
        if task_model.pictures is not None:
            yield from _animated(task_model)
        if task_model.audio is not None:
            yield from _audio(task_model, task_model.audio)


SIBLING_UPLOAD_CASES: tuple[Case, ...] = tuple(_cases())
"""Policies for every model, and what was uploaded for a sibling."""
