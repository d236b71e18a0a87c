"""The object storage: accepts a file by a multipart form with a policy instead of a key, and answers in XML.

https://help.aliyun.com/zh/oss: PostObject, as far as such uploads use it.
"""

import logging
from urllib.parse import quote

from emoji_mock.contract import routes
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.endpoint import STORAGE_BUCKET, STORAGE_HOST, UPLOAD_SECONDS
from emoji_mock.contract.exchange import Request
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.model import TaskModel
from emoji_mock.contract.models import MODELS
from emoji_mock.contract.row import Origin
from emoji_mock.contract.rows import storage as rows
from emoji_mock.fake import responses
from emoji_mock.fake.accounting.api_keys import Caller
from emoji_mock.fake.checks import image
from emoji_mock.fake.checks.refusal import Refused
from emoji_mock.fake.context import Decision, RequestContext
from emoji_mock.fake.endpoints.documentation import Documentation
from emoji_mock.fake.endpoints.endpoint import Endpoint
from emoji_mock.fake.endpoints.uploads import form as upload_form
from emoji_mock.fake.endpoints.uploads import policy as upload_policy
from emoji_mock.fake.endpoints.uploads.form import UploadForm
from emoji_mock.fake.options import Options
from emoji_mock.fake.store.ports import Store
from emoji_mock.fake.store.values import Upload

_log = logging.getLogger("emoji_mock")

LARGEST = 32 * 1024 * 1024
"""How long a form may be, in bytes. The vendor's own limit is a gigabyte, far more than most files have."""

_PLAIN_IN_URLS = "/!$&'()*+,;=:@"  # in a path (RFC 3986, 3.3)
_STATUSES = {"200": 200, "201": 201}
_CREATED = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse>\n  <Bucket>{bucket}</Bucket>\n'
    "  <Location>{location}/{encoded}</Location>\n  <Key>{key}</Key>\n</PostResponse>\n"
)


class UploadDecision(Decision):
    """What is decided about an upload."""

    form: UploadForm | None = None
    object_key: str = ""
    """The key under which the form stores the file."""


def hide_form(_: RequestContext, decision: Decision) -> None:
    """Keep the body out of the journal: it may hold a signature."""
    decision.journal_request = b""


def find_account(request: Request, _: Store, options: Options) -> str:
    """Return the account to which the policy in the form's first fields was granted."""
    policy, signature = (upload_form.peek(request.body, name) for name in (b"policy", b"[Ss]ignature"))
    return upload_policy.granted_to(policy, signature, options)


def require_form(context: RequestContext, _: Decision) -> None:
    """Refuse every method but POST, and a body over the limit."""
    if context.head.method != "POST":
        raise Refused(rows.BUCKET_ACL)
    if len(context.request.body) > LARGEST:
        raise Refused(rows.TOO_LARGE)


def load_form(context: RequestContext, decision: UploadDecision) -> None:
    """Read the form, and refuse a key over the limit before it is built."""
    decision.form = form = upload_form.read(context.head.headers.get("content-type", ""), context.request.body)
    if form.key_bytes > upload_form.KEY_BYTES:
        decision.journal_request = f"a key of {form.key_bytes} bytes, file of {len(form.file)} bytes".encode()
        raise Refused(rows.KEY_TOO_LONG)
    decision.object_key = key = form.key
    decision.journal_request = f"key={key}, file {form.filename!r} of {len(form.file)} bytes".encode()


def check_policy(context: RequestContext, decision: UploadDecision) -> None:
    """Refuse a form whose policy is missing, not ours, too old, or does not allow this upload."""
    fields = _form(decision).fields
    # The page of the vendor on uploads from browsers posts it in lower case.
    policy, signature = fields.get("policy", ""), fields.get("Signature") or fields.get("signature", "")
    if not policy or not signature or not fields.get("OSSAccessKeyId"):
        raise Refused(rows.BUCKET_ACL)
    if fields["OSSAccessKeyId"] != upload_policy.ACCESS_KEY_ID:
        raise Refused(rows.WRONG_ACCESS_KEY)
    if not upload_policy.is_signed(policy, signature, context.options):
        raise Refused(rows.WRONG_SIGNATURE)
    granted = upload_policy.read(policy, context.models)
    if granted is None:
        raise Refused(rows.WRONG_SIGNATURE)
    if granted.expires <= context.at:
        raise Refused(rows.POLICY_EXPIRED)
    if condition := granted.failed(decision.object_key, fields):
        raise Refused(rows.POLICY_CONDITION, condition=condition)
    decision.model, decision.caller = granted.model, Caller(granted.namespace, "", None)


def _form(decision: UploadDecision) -> UploadForm:
    assert decision.form is not None  # noqa: S101 - loaded before
    return decision.form


def _body(context: RequestContext, decision: UploadDecision, _: str) -> bytes:
    form = _form(decision)
    if not decision.lost:
        _keep(context, decision, form.file)
    decision.status = _STATUSES.get(form.fields.get("success_action_status", ""), 204)
    if decision.status == 201:  # noqa: PLR2004
        key = decision.object_key
        location, encoded = upload_policy.storage_url(context.head), quote(key, safe=_PLAIN_IN_URLS)
        return responses.xml(_CREATED, bucket=STORAGE_BUCKET, location=location, encoded=encoded, key=key)
    return b""


def _empty(_: RequestContext, __: Decision, ___: str) -> bytes:
    return b""


def _keep(context: RequestContext, decision: UploadDecision, file: bytes) -> None:
    inspected = context.media.inspect(file, image.picture_limits(decision.model), upright=context.options.upright)
    size, flaw = (inspected, "") if isinstance(inspected, Size) else (None, inspected.name)
    media, longest = _taken(decision.model)
    upload = Upload(
        key=decision.object_key,
        model=decision.model,
        namespace=decision.caller.namespace,
        until=context.at + UPLOAD_SECONDS,
        data=file if len(file) <= longest else b"",
        size=size,
        flaw=flaw,
        facts=context.media.measure(file) if media else None,
    )
    try:
        kept = context.store.keep_upload(upload, now=context.at)
    except OSError:
        _log.exception("emoji-mock could not keep an upload")
        raise Refused(rows.INTERNAL) from None
    if not kept:
        raise Refused(rows.EXISTS)


def _taken(model: str) -> tuple[bool, int]:
    """Return whether a model takes audio or video, and how many bytes the largest file has that it takes."""
    pictures, task = image.picture_limits(model).longest, MODELS.get(model)
    if not isinstance(task, TaskModel) or not {"audio_url", "video_url"} & {*task.fields}:
        return False, pictures
    stated = [limits.longest for limits in (task.audio, task.video) if limits is not None]
    return True, max(pictures, *stated) if stated else LARGEST


_FIELDS = ("OSSAccessKeyId", "Signature", "policy", "key", "x-oss-object-acl", "x-oss-forbid-overwrite")
_FORM = {
    "type": "object",
    "required": [*_FIELDS[:4], "file"],
    "properties": {
        **{name: {"type": "string"} for name in _FIELDS},
        "success_action_status": {"type": "string", "enum": ["200", "201", "204"]},
        "file": {"type": "string", "format": "binary"},
    },
}

POST_OBJECT = Endpoint(
    route=routes.STORAGE,
    decision=UploadDecision,
    checks=(hide_form, require_form, load_form, check_policy, image.apply_rule),
    account=find_account,
    body=_body,
    headers=responses.storage_headers,
    body_limit=LARGEST,
    provokes={
        rows.POLICY_EXPIRED: "upload more than 300 s after getPolicy",
        rows.POLICY_CONDITION: "upload with another key",
        rows.BUCKET_ACL: "upload without a policy",
        rows.WRONG_SIGNATURE: "upload with another Signature",
        rows.WRONG_ACCESS_KEY: "upload with another OSSAccessKeyId",
        rows.MALFORMED: "upload a body that is no form",
        rows.ONE_FILE: "upload no file",
        rows.TOO_LARGE: "upload more than 32 MiB",
        rows.EXISTS: "upload twice under one key",
        rows.KEY_TOO_LONG: "upload with a key over 1,023 bytes, `${filename}` replaced",
    },
    documentation=Documentation(
        summary="Upload a picture, audio or video",
        description=(
            "Take a file by a form that holds the policy's fields; there is no key. The file comes last.\n\n"
            "Then send `oss://<key>` as its URL, with `X-DashScope-OssResourceResolve: enable`, within 48 "
            "hours.\nThe vendor's storage is a host of its own; this server takes uploads here, as its policies say."
        ),
        form=_FORM,
        success={
            200: "Stored; the body is empty.",
            201: "Stored; the body is XML that says where.",
            204: "Stored, by default.",
        },
        rows=tuple(row for row in ROWS if row.origin is Origin.STORAGE and row.host == STORAGE_HOST),
    ),
)
PREFLIGHT = Endpoint(
    route=routes.STORAGE_PREFLIGHT,
    decision=Decision,
    checks=(hide_form,),
    body=_empty,
    headers=responses.storage_headers,
    body_limit=LARGEST,
)
"""What a browser asks before it uploads; the headers say all."""
