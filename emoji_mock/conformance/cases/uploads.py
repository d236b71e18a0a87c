"""Cases of an upload: the policy, the storage's form, and what face-detect sees in the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.conformance.cases.case import BAD_KEY, KEY, STORAGE, VIDEO, Case, body
from emoji_mock.conformance.cases.documents import ACCEPTED, EMPTY, POLICY
from emoji_mock.conformance.cases.png import png
from emoji_mock.conformance.cases.videos import VIDEO_HEADERS, video_body
from emoji_mock.conformance.targets.sending import Step
from emoji_mock.contract.endpoint import API_PREFIX, MEDIA_TYPE, MODEL, UPLOAD_SECONDS, UPLOADS, VIDEO_MODEL
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.row import Outcome
from emoji_mock.contract.rows import failed, gateway, service, storage
from emoji_mock.contract.rows.table import known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from emoji_mock.conformance.judge.shape import Shape
    from emoji_mock.contract.exchange import Headers
    from emoji_mock.contract.provenance import Provenance
    from emoji_mock.contract.row import Row

_SEEN = known("DOS", "upload cnblogs sdk")
_GUESS = known("I", "emoji-mock")
_AUTHORIZED: Headers = (("authorization", f"Bearer {KEY}"),)
_POLICY = f"{API_PREFIX}{UPLOADS}?action=getPolicy&model={MODEL}"
_BOUNDARY = "a-part-of-the-form"
_FORM: Headers = (("content-type", f"multipart/form-data; boundary={_BOUNDARY}"),)
_PICTURE, _SMALL = Size(400, 400), Size(399, 400)
_FIELDS = {
    "OSSAccessKeyId": "<oss key id>",
    "Signature": "<signature>",
    "policy": "<policy>",
    "key": "<upload dir>/me.png",
    "x-oss-object-acl": "private",
    "x-oss-forbid-overwrite": "true",
    "success_action_status": "200",
}


def form(fields: Mapping[str, str], file: bytes | None, filename: str = "me.png", boundary: str = _BOUNDARY) -> bytes:
    """Return a multipart form as the official SDK sends it: the fields in their order, the file last."""
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if file is not None:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n\r\n'
        parts.append(head.encode() + file + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode()


def _permitted(model: str = MODEL, wait: float = 0.0) -> Step:
    return Step(
        method="GET",
        path=f"{API_PREFIX}{UPLOADS}?action=getPolicy&model={model}",
        headers=_AUTHORIZED,
        learns={
            STORAGE: "data.upload_host",
            "<upload dir>": "data.upload_dir",
            "<policy>": "data.policy",
            "<signature>": "data.signature",
            "<oss key id>": "data.oss_access_key_id",
        },
        wait=wait,
    )


def _stored(size: Size = _PICTURE, wait: float = 0.0) -> Step:
    return Step(path=STORAGE, headers=_FORM, body=form(_FIELDS, png(size)), wait=wait)


def _policies() -> Iterator[Case]:
    wrong: tuple[tuple[str, Row, Provenance | None, str, str, Headers], ...] = (
        ("no-key", gateway.NO_KEY, None, "GET", _POLICY, ()),
        ("bad-key", gateway.INVALID_KEY, None, "GET", _POLICY, (("authorization", f"Bearer {BAD_KEY}"),)),
        ("no-model", gateway.NO_MODEL, _GUESS, "GET", _POLICY.partition("&")[0], _AUTHORIZED),
        ("unknown-model", gateway.UNKNOWN_MODEL, _GUESS, "GET", f"{_POLICY}-of-nobody", _AUTHORIZED),
        ("other-action", service.PARAMETER_INVALID, _GUESS, "GET", _POLICY.replace("get", "put"), _AUTHORIZED),
        ("post", gateway.WRONG_METHOD, _GUESS, "POST", _POLICY, _AUTHORIZED),
    )
    for name, model in (("granted", MODEL), ("granted-for-the-video", VIDEO_MODEL)):
        path = f"{API_PREFIX}{UPLOADS}?action=getPolicy&model={model}"
        yield Case(
            name=f"policy/{name}",
            expected=(POLICY,),
            provenance=_SEEN,
            method="GET",
            path=path,
            headers=_AUTHORIZED,
            body=b"",
        )
    for name, row, provenance, method, path, headers in wrong:
        yield Case(
            name=f"policy/{name}",
            expected=(row,),
            provenance=provenance or row.provenance,
            method=method,
            path=path,
            headers=headers,
            body=b"",
        )


def _storage() -> Iterator[Case]:
    file, content = png(_PICTURE), _FORM
    changed: tuple[tuple[str, Row, bytes, Headers], ...] = (
        ("no-policy", storage.BUCKET_ACL, _without("policy"), content),
        ("no-signature", storage.BUCKET_ACL, _without("Signature"), content),
        ("other-key-id", storage.WRONG_ACCESS_KEY, form(_FIELDS | {"OSSAccessKeyId": "nobody"}, file), content),
        ("other-signature", storage.WRONG_SIGNATURE, form(_FIELDS | {"Signature": "AAAA"}, file), content),
        ("no-form", storage.MALFORMED, b"{}", (("content-type", MEDIA_TYPE),)),
        ("broken-off", storage.MALFORMED, form(_FIELDS, file)[:-4], content),
        ("no-file", storage.ONE_FILE, form(_FIELDS, None), content),
        ("file-first", storage.BUCKET_ACL, _file_first(), content),
        ("long-fields", storage.TOO_LARGE, form(_FIELDS | {"x": "x" * 70_000}, file), content),
    )
    stored = form(_FIELDS, file)
    yield _upload("stored", EMPTY, _SEEN, stored, live=True)
    yield _upload("preflight", EMPTY, _GUESS, b"", method="OPTIONS", headers=(("origin", "https://example.com"),))
    yield _upload("got", storage.BUCKET_ACL, storage.BUCKET_ACL.provenance, b"", method="GET", headers=())
    yield _upload("twice", storage.EXISTS, storage.EXISTS.provenance, stored, _permitted(), _stored())
    yield _upload("expired", storage.POLICY_EXPIRED, storage.POLICY_EXPIRED.provenance, stored, _permitted(wait=301))
    for name, row, payload, headers in changed:
        yield _upload(name, row, row.provenance, payload, headers=headers)
    conditions = (
        ("other-key", {"key": "elsewhere/me.png"}, '["starts-with", "$key", "<upload dir>"]'),
        ("other-acl", {"x-oss-object-acl": "public-read"}, '["eq", "$x-oss-object-acl", "private"]'),
    )
    for name, changes, condition in conditions:
        row, payload = storage.POLICY_CONDITION, form(_FIELDS | changes, file)
        yield _upload(name, row, row.provenance, payload, condition=condition)


def _file_first() -> bytes:
    end = f"--{_BOUNDARY}--\r\n".encode()
    return form({}, png(_PICTURE)).removesuffix(end) + form(_FIELDS, None)


def _without(field: str) -> bytes:
    return form({name: value for name, value in _FIELDS.items() if name != field}, png(_PICTURE))


def _upload(
    name: str,
    ending: Row | Shape,
    provenance: Provenance,
    payload: bytes,
    *before: Step,
    method: str = "POST",
    headers: Headers = _FORM,
    condition: str = "",
    live: bool = False,
) -> Case:
    return Case(
        name=f"upload/{name}",
        expected=(ending,),
        provenance=provenance,
        method=method,
        path=STORAGE,
        headers=headers,
        body=payload,
        live=live,
        before=before or (_permitted(),),
        says=(("condition", condition),),
    )


_RESOLVE = ("x-dashscope-ossresourceresolve", "enable")
_DAYS_LATER = UPLOAD_SECONDS + 1


def _detections() -> Iterator[Case]:
    """Yield what becomes of an uploaded picture; the pictures are ours, and a live service sees nobody in them."""
    kind = (*_AUTHORIZED, ("content-type", MEDIA_TYPE))
    resolved, stored = (*kind, _RESOLVE), (_permitted(), _stored())
    cases: tuple[tuple[str, Row | Outcome, Provenance, Headers, tuple[Step, ...]], ...] = (
        ("passed", Outcome.PASSED, _SEEN, resolved, stored),
        ("too-small", failed.RESOLUTION, failed.RESOLUTION.provenance, resolved, (_permitted(), _stored(_SMALL))),
        ("without-the-header", service.BAD_MEDIA, service.BAD_MEDIA.provenance, kind, stored),
        ("for-another-model", service.CANNOT_DOWNLOAD, _GUESS, resolved, (_permitted(VIDEO_MODEL), _stored())),
        ("never-stored", service.CANNOT_DOWNLOAD, _GUESS, resolved, (_permitted(),)),
        ("after-two-days", service.CANNOT_DOWNLOAD, _GUESS, resolved, (_permitted(), _stored(wait=_DAYS_LATER))),
    )
    for name, ending, provenance, headers, before in cases:
        yield Case(
            name=f"uploaded/{name}",
            expected=(ending,),
            provenance=provenance,
            headers=headers,
            body=body("oss://<upload dir>/me.png"),
            size=_PICTURE,
            live=False,
            before=before,
        )


def _videos() -> Iterator[Case]:
    """Yield what becomes of a picture that was uploaded for the video."""
    resolved, stored = (*VIDEO_HEADERS, _RESOLVE), (_permitted(VIDEO_MODEL), _stored())
    inside = {"face_bbox": [120, 120, 240, 240], "ext_bbox": [60, 60, 300, 300]}
    outside = {**inside, "ext_bbox": [60, 60, 401, 401]}
    cases: tuple[tuple[str, Row | Shape, Provenance, Headers, tuple[Step, ...], dict[str, list[int]]], ...] = (
        ("animated", ACCEPTED, _SEEN, resolved, stored, inside),
        ("animated-outside", service.EXT_INVALID, _GUESS, resolved, stored, outside),
        ("animated-without-the-header", service.BAD_MEDIA, _GUESS, VIDEO_HEADERS, stored, inside),
        ("animated-for-another-model", service.CANNOT_DOWNLOAD, _GUESS, resolved, (_permitted(), _stored()), inside),
    )
    for name, ending, provenance, headers, before, boxes in cases:
        yield Case(
            name=f"uploaded/{name}",
            expected=(ending,),
            provenance=provenance,
            path=VIDEO,
            headers=headers,
            body=video_body(image_url="oss://<upload dir>/me.png", **boxes),
            live=False,
            before=before,
        )


UPLOAD_CASES: tuple[Case, ...] = (*_policies(), *_storage(), *_detections(), *_videos())
"""From the policy to the detection."""
