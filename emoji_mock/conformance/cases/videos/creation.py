"""Cases of a request for a video: valid requests, and every mistake that one can contain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from emoji_mock.conformance.cases.case import VIDEO_PATH, Case, refusal
from emoji_mock.conformance.cases.documents import ACCEPTED
from emoji_mock.conformance.cases.payloads import VIDEO_HEADERS, VIDEO_INPUT, video_body
from emoji_mock.conformance.cases.placeholders import BAD_KEY
from emoji_mock.contract.documents.motions import DRIVEN_IDS
from emoji_mock.contract.endpoint import ASYNC_HEADER, MODEL, VIDEO_MODEL
from emoji_mock.contract.rows import gateway, service
from emoji_mock.contract.rows.table import known
from emoji_mock.fake.rules.magic_urls import HOST

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Headers
    from emoji_mock.contract.provenance import Provenance
    from emoji_mock.contract.row import Row

_DOCUMENTED = known("D", "video")
_GUESS = known("I", "emoji-mock")


def _accepted(name: str, body: bytes, path: str = VIDEO_PATH) -> Case:
    return Case(
        name=f"accepted/{name}",
        expected=(ACCEPTED,),
        provenance=_DOCUMENTED,
        path=path,
        headers=VIDEO_HEADERS,
        body=body,
        live=False,
        model=VIDEO_MODEL,
    )


def _wrong(
    name: str,
    row: Row,
    body: bytes,
    provenance: Provenance | None = None,
    headers: Headers = VIDEO_HEADERS,
    **message_fields: str,
) -> Case:
    return refusal(
        f"video/{name}",
        row,
        provenance,
        path=VIDEO_PATH,
        headers=headers,
        body=body,
        # A guess that does not hold would make a video, which costs more than a budget of images counts.
        live=(provenance or row.provenance) is not _GUESS,
        message_fields=tuple(message_fields.items()),
        model=VIDEO_MODEL,
    )


def _encoded(**changes: object) -> bytes:
    """Return the body of a valid request with top-level keys changed; None leaves one out."""
    document = {"model": VIDEO_MODEL, "input": VIDEO_INPUT, **changes}
    return msgspec.json.encode({name: value for name, value in document.items() if value is not None})


_VALID = video_body()
_BAD_KEY: Headers = (("authorization", f"Bearer {BAD_KEY}"), *VIDEO_HEADERS[1:])
_NOT_ASYNC: Headers = (*VIDEO_HEADERS[:2], (ASYNC_HEADER, "disable"))
_FACE, _EXT = VIDEO_INPUT["face_bbox"], VIDEO_INPUT["ext_bbox"]
_SQUARE, _NARROW = (f"https://{HOST}/passed/{size}.png" for size in ("500x500", "440x500"))

_VALID_REQUESTS = (
    _accepted("as-documented", _VALID),
    _accepted("with-a-slash", _VALID, path=f"{VIDEO_PATH}/"),
    _accepted("last-driven-id", video_body(driven_id=DRIVEN_IDS[-1])),
    _accepted("face-as-large-as-ext", video_body(face_bbox=_EXT)),
)

_MISTAKES = (
    _wrong("no-key", gateway.NO_KEY, _VALID, headers=VIDEO_HEADERS[1:]),
    _wrong("bad-key", gateway.INVALID_KEY, _VALID, headers=_BAD_KEY),
    _wrong("not-asynchronous", gateway.NOT_SYNCHRONOUS, _VALID, headers=VIDEO_HEADERS[:2]),
    _wrong("async-disabled", gateway.NOT_SYNCHRONOUS, _VALID, _GUESS, _NOT_ASYNC),
    _wrong("not-json", service.BODY_INVALID, b"{"),
    _wrong("an-array", service.BODY_INVALID, b"[]"),
    _wrong("no-model", gateway.NO_MODEL, _encoded(model=None)),
    _wrong("unknown-model", gateway.UNKNOWN_MODEL, _encoded(model="emoji-v0")),
    _wrong("model-of-another-path", gateway.WRONG_PATH, _encoded(model=MODEL)),
    _wrong("no-input", service.NO_INPUT, _encoded(input=None)),
    _wrong("input-a-string", service.ILLEGAL_INPUT, _encoded(input="portrait")),
    *(_wrong(f"no-{name}", service.FIELD_REQUIRED, video_body(**{name: None}), field=name) for name in VIDEO_INPUT),
    _wrong("nothing-in-input", service.FIELD_REQUIRED, _encoded(input={}), _GUESS, field="image_url"),
    _wrong("unknown-driven-id", service.DRIVEN_UNKNOWN, video_body(driven_id="smile"), driven_id="smile"),
    _wrong("driven-id-a-number", service.PARAMETER_INVALID, video_body(driven_id=5), _GUESS),
    _wrong("image-url-a-number", service.PARAMETER_INVALID, video_body(image_url=5), _GUESS),
    _wrong("face-a-string", service.PARAMETER_INVALID, video_body(face_bbox="212,194,460,441"), _GUESS),
    _wrong("face-of-three-numbers", service.PARAMETER_INVALID, video_body(face_bbox=[212, 194, 460]), _GUESS),
    _wrong("face-of-fractions", service.PARAMETER_INVALID, video_body(face_bbox=[212.5, 194, 460, 441]), _GUESS),
    _wrong("face-turned-round", service.PARAMETER_INVALID, video_body(face_bbox=[460, 441, 212, 194]), _GUESS),
    _wrong("ext-a-string", service.EXT_INVALID, video_body(ext_bbox="63,30,609,575"), _GUESS),
    _wrong("ext-of-three-numbers", service.EXT_INVALID, video_body(ext_bbox=[63, 30, 609]), _GUESS),
    _wrong("ext-turned-round", service.EXT_INVALID, video_body(ext_bbox=[609, 575, 63, 30])),
    _wrong("ext-beside-the-face", service.EXT_INVALID, video_body(ext_bbox=[300, 30, 609, 575]), _GUESS),
    _wrong("boxes-exchanged", service.EXT_INVALID, video_body(face_bbox=_EXT, ext_bbox=_FACE), _GUESS),
    _wrong("ext-outside-the-picture", service.EXT_INVALID, video_body(image_url=_SQUARE), _GUESS),
    _wrong("face-outside-the-picture", service.PARAMETER_INVALID, video_body(image_url=_NARROW), _GUESS),
    _wrong("async-before-input", gateway.NOT_SYNCHRONOUS, _encoded(input=None), _GUESS, _NOT_ASYNC),
)  # fmt: skip

VIDEO_CASES: tuple[Case, ...] = (*_VALID_REQUESTS, *_MISTAKES)
"""Requests that create a task, or that are refused."""
