"""Cases of a request for a video: what is accepted, and every mistake that it can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from emoji_mock.conformance.cases.case import BAD_KEY, KEY, VIDEO, Case
from emoji_mock.conformance.cases.documents import ACCEPTED
from emoji_mock.contract.endpoint import MEDIA_TYPE, MODEL, VIDEO_MODEL
from emoji_mock.contract.motions import DRIVEN_IDS
from emoji_mock.contract.rows import gateway, service
from emoji_mock.contract.rows.table import known
from emoji_mock.fake.rules.magic_urls import HOST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.contract.exchange import Headers
    from emoji_mock.contract.provenance import Provenance
    from emoji_mock.contract.row import Row

VIDEO_HEADERS: Headers = (
    ("authorization", f"Bearer {KEY}"),
    ("content-type", MEDIA_TYPE),
    ("x-dashscope-async", "enable"),
)
"""The headers of a good request."""
_INPUT: dict[str, Any] = {
    # Nobody can fetch it (RFC 6761): what a service accepts all the same makes no video.
    "image_url": f"https://{HOST}/portrait.png",
    "driven_id": DRIVEN_IDS[0],
    "face_bbox": [212, 194, 460, 441],
    "ext_bbox": [63, 30, 609, 575],
}
_DOCUMENTED = known("D", "video")
_GUESS = known("I", "emoji-mock")


def video_body(**changes: object) -> bytes:
    """Return the body of a good request with parts of its `input` changed; one given as None is left out."""
    given = {name: value for name, value in {**_INPUT, **changes}.items() if value is not None}
    return msgspec.json.encode({"model": VIDEO_MODEL, "input": given})


def _accepted() -> Iterator[Case]:
    slashed = f"{VIDEO}/"
    for name, path, headers, body in (
        ("as-documented", VIDEO, VIDEO_HEADERS, video_body()),
        ("with-a-slash", slashed, VIDEO_HEADERS, video_body()),
        ("last-driven-id", VIDEO, VIDEO_HEADERS, video_body(driven_id=DRIVEN_IDS[-1])),
        ("face-as-large-as-ext", VIDEO, VIDEO_HEADERS, video_body(face_bbox=_INPUT["ext_bbox"])),
    ):
        yield Case(
            name=f"accepted/{name}",
            expected=(ACCEPTED,),
            provenance=_DOCUMENTED,
            path=path,
            headers=headers,
            body=body,
            live=False,
        )


def _wrong(
    name: str,
    row: Row,
    body: bytes,
    provenance: Provenance | None = None,
    headers: Headers = VIDEO_HEADERS,
    **says: str,
) -> Case:
    # A guess that does not hold would make a video, and nobody knows what that costs.
    provenance = provenance or row.provenance
    live = provenance is not _GUESS
    return Case(
        name=f"video/{name}",
        expected=(row,),
        provenance=provenance,
        path=VIDEO,
        headers=headers,
        body=body,
        live=live,
        says=tuple(says.items()),
    )


def _encoded(**changes: object) -> bytes:
    document = {"model": VIDEO_MODEL, "input": _INPUT, **changes}
    return msgspec.json.encode({name: value for name, value in document.items() if value is not None})


_BAD: Headers = (("authorization", f"Bearer {BAD_KEY}"), *VIDEO_HEADERS[1:])
_NOT_ASYNC: Headers = (*VIDEO_HEADERS[:2], ("x-dashscope-async", "disable"))
_GOOD = video_body()
_FACE, _EXT = _INPUT["face_bbox"], _INPUT["ext_bbox"]
_SQUARE, _NARROW = (f"https://{HOST}/passed/{size}.png" for size in ("500x500", "440x500"))

_MISTAKES = (
    _wrong("no-key", gateway.NO_KEY, _GOOD, headers=VIDEO_HEADERS[1:]),
    _wrong("bad-key", gateway.INVALID_KEY, _GOOD, headers=_BAD),
    _wrong("not-asynchronous", gateway.NOT_SYNCHRONOUS, _GOOD, headers=VIDEO_HEADERS[:2]),
    _wrong("async-disabled", gateway.NOT_SYNCHRONOUS, _GOOD, _GUESS, _NOT_ASYNC),
    _wrong("not-json", service.BODY_INVALID, b"{"),
    _wrong("an-array", service.BODY_INVALID, b"[]"),
    _wrong("no-model", gateway.NO_MODEL, _encoded(model=None)),
    _wrong("unknown-model", gateway.UNKNOWN_MODEL, _encoded(model="emoji-v0")),
    _wrong("model-of-another-path", gateway.WRONG_PATH, _encoded(model=MODEL)),
    _wrong("no-input", service.NO_INPUT, _encoded(input=None)),
    _wrong("input-a-string", service.ILLEGAL_INPUT, _encoded(input="portrait")),
    *(_wrong(f"no-{name}", service.FIELD_REQUIRED, video_body(**{name: None}), field=name) for name in _INPUT),
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

VIDEO_CASES: tuple[Case, ...] = (*_accepted(), *_MISTAKES)
"""What creating a task is answered with."""
