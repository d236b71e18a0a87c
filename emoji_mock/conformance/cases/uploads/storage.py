"""Cases of an upload: the policy, and the form that the storage takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.conformance.cases.case import Case, SetupRequest, refusal
from emoji_mock.conformance.cases.documents import EMPTY, POLICY_GRANTED
from emoji_mock.conformance.cases.payloads import (
    AUTHORIZATION,
    FORM_BOUNDARY,
    black_png,
    upload_form,
)
from emoji_mock.conformance.cases.placeholders import (
    BAD_KEY,
    OSS_KEY_ID,
    POLICY,
    SIGNATURE,
    UPLOAD_DIR,
    UPLOAD_HOST,
)
from emoji_mock.contract.endpoint import API_PREFIX, MEDIA_TYPE, MODEL, UPLOADS, VIDEO_MODEL
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.rows import gateway, service, storage
from emoji_mock.contract.rows.table import known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.conformance.cases.documents import Shape
    from emoji_mock.contract.exchange import Headers
    from emoji_mock.contract.provenance import Provenance
    from emoji_mock.contract.row import Row

OBSERVED = known("DOS", "upload cnblogs sdk")
_GUESS = known("I", "emoji-mock")
_KEY_ONLY: Headers = (AUTHORIZATION,)
_GET_POLICY = f"{API_PREFIX}{UPLOADS}?action=getPolicy&model="
_POLICY_PATH = _GET_POLICY + MODEL
_FORM: Headers = (("content-type", f"multipart/form-data; boundary={FORM_BOUNDARY}"),)
PICTURE_SIZE = Size(400, 400)
_FIELDS = {
    "OSSAccessKeyId": OSS_KEY_ID,
    "Signature": SIGNATURE,
    "policy": POLICY,
    "key": f"{UPLOAD_DIR}/me.png",
    "x-oss-object-acl": "private",
    "x-oss-forbid-overwrite": "true",
    "success_action_status": "200",
}
_VALID_FORM = upload_form(_FIELDS, black_png(PICTURE_SIZE))


def policy_path(model: str) -> str:
    """Return the path of an upload policy for `model`."""
    return _GET_POLICY + model


def grant(model: str = MODEL, wait: float = 0.0) -> SetupRequest:
    """Return the request for an upload policy."""
    return SetupRequest(
        method="GET",
        path=_GET_POLICY + model,
        headers=_KEY_ONLY,
        captures={
            UPLOAD_HOST: "data.upload_host",
            UPLOAD_DIR: "data.upload_dir",
            POLICY: "data.policy",
            SIGNATURE: "data.signature",
            OSS_KEY_ID: "data.oss_access_key_id",
        },
        wait=wait,
    )


def store(size: Size = PICTURE_SIZE, wait: float = 0.0) -> SetupRequest:
    """Return the request that uploads a picture."""
    return store_file(black_png(size), wait=wait)


def store_file(file: bytes, *, filler: int = 0, wait: float = 0.0) -> SetupRequest:
    """Return the request that uploads a file; `filler` zeros stand in it where it says so."""
    return SetupRequest(path=UPLOAD_HOST, headers=_FORM, body=upload_form(_FIELDS, file), wait=wait, filler=filler)


def _granted(name: str, model: str) -> Case:
    return Case(
        name=f"policy/{name}",
        expected=(POLICY_GRANTED,),
        provenance=OBSERVED,
        method="GET",
        path=_GET_POLICY + model,
        headers=_KEY_ONLY,
        body=b"",
    )


def _no_policy(
    name: str,
    row: Row,
    provenance: Provenance | None = None,
    path: str = _POLICY_PATH,
    headers: Headers = _KEY_ONLY,
    method: str = "GET",
) -> Case:
    return refusal(f"policy/{name}", row, provenance, method=method, path=path, headers=headers)


_POLICIES = (
    _granted("granted", MODEL),
    _granted("granted-for-the-video", VIDEO_MODEL),
    _no_policy("no-key", gateway.NO_KEY, headers=()),
    _no_policy("bad-key", gateway.INVALID_KEY, headers=(("authorization", f"Bearer {BAD_KEY}"),)),
    _no_policy("no-model", gateway.NO_MODEL, _GUESS, path=_POLICY_PATH.partition("&")[0]),
    _no_policy("unknown-model", gateway.UNKNOWN_MODEL, _GUESS, path=f"{_POLICY_PATH}-of-nobody"),
    _no_policy("other-action", service.PARAMETER_INVALID, _GUESS, path=_POLICY_PATH.replace("get", "put")),
    _no_policy("post", gateway.WRONG_METHOD, _GUESS, method="POST"),
)


def _upload(
    name: str,
    expected: Row | Shape,
    provenance: Provenance,
    payload: bytes,
    *setup: SetupRequest,
    method: str = "POST",
    headers: Headers = _FORM,
    condition: str = "",
    live: bool = False,
) -> Case:
    return Case(
        name=f"upload/{name}",
        expected=(expected,),
        provenance=provenance,
        method=method,
        path=UPLOAD_HOST,
        headers=headers,
        body=payload,
        live=live,
        setup=setup or (grant(),),
        message_fields=(("condition", condition),),
    )


def _storage() -> Iterator[Case]:
    yield _upload("stored", EMPTY, OBSERVED, _VALID_FORM, live=True)
    yield _upload("preflight", EMPTY, _GUESS, b"", method="OPTIONS", headers=(("origin", "https://example.com"),))
    yield _upload("got", storage.BUCKET_ACL, storage.BUCKET_ACL.provenance, b"", method="GET", headers=())
    yield _upload("twice", storage.EXISTS, storage.EXISTS.provenance, _VALID_FORM, grant(), store())
    yield _upload("expired", storage.POLICY_EXPIRED, storage.POLICY_EXPIRED.provenance, _VALID_FORM, grant(wait=301))
    for name, row, payload, headers in _refused_forms():
        yield _upload(name, row, row.provenance, payload, headers=headers)
    for name, changes, condition in (
        ("other-key", {"key": "elsewhere/me.png"}, f'["starts-with", "$key", "{UPLOAD_DIR}"]'),
        ("other-acl", {"x-oss-object-acl": "public-read"}, '["eq", "$x-oss-object-acl", "private"]'),
    ):
        row = storage.POLICY_CONDITION
        yield _upload(name, row, row.provenance, _changed_form(**changes), condition=condition)


def _refused_forms() -> tuple[tuple[str, Row, bytes, Headers], ...]:
    return (
        ("no-policy", storage.BUCKET_ACL, _form_without("policy"), _FORM),
        ("no-signature", storage.BUCKET_ACL, _form_without("Signature"), _FORM),
        ("other-key-id", storage.WRONG_ACCESS_KEY, _changed_form(OSSAccessKeyId="nobody"), _FORM),
        ("other-signature", storage.WRONG_SIGNATURE, _changed_form(Signature="AAAA"), _FORM),
        ("no-form", storage.MALFORMED, b"{}", (("content-type", MEDIA_TYPE),)),
        ("broken-off", storage.MALFORMED, _VALID_FORM[:-4], _FORM),
        ("no-file", storage.ONE_FILE, upload_form(_FIELDS, None), _FORM),
        ("file-first", storage.BUCKET_ACL, _file_first(), _FORM),
        ("long-key", storage.KEY_TOO_LONG, _changed_form(key=f"{UPLOAD_DIR}/{'k' * 1023}"), _FORM),
        ("long-fields", storage.TOO_LARGE, _changed_form(x="x" * 70_000), _FORM),
    )


def _changed_form(**changes: str) -> bytes:
    return upload_form(_FIELDS | changes, black_png(PICTURE_SIZE))


def _form_without(field: str) -> bytes:
    return upload_form({name: value for name, value in _FIELDS.items() if name != field}, black_png(PICTURE_SIZE))


def _file_first() -> bytes:
    end = f"--{FORM_BOUNDARY}--\r\n".encode()
    return upload_form({}, black_png(PICTURE_SIZE)).removesuffix(end) + upload_form(_FIELDS, None)


UPLOAD_CASES: tuple[Case, ...] = (*_POLICIES, *_storage())
"""Getting a policy, and storing a picture with it."""
