"""The object storage: takes a picture by a multipart form with a policy instead of a key, and answers in XML.

https://help.aliyun.com/zh/oss: PostObject, as far as an uploader of pictures meets it.
"""

import hmac
import logging

from emoji_mock.contract.endpoint import IMAGE_BYTES, STORAGE_BUCKET, STORAGE_HOST, UPLOAD_SECONDS, EndpointName
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.rows import storage as rows
from emoji_mock.fake import responses
from emoji_mock.fake.accounting.api_keys import Caller
from emoji_mock.fake.checks import body as request
from emoji_mock.fake.context import RequestContext
from emoji_mock.fake.endpoints import upload_form, upload_policy
from emoji_mock.fake.endpoints.endpoint import Endpoint
from emoji_mock.fake.endpoints.upload_form import UploadForm
from emoji_mock.fake.refusal import Refused
from emoji_mock.fake.store.values import Upload

_log = logging.getLogger("emoji_mock")

LARGEST = 32 * 1024 * 1024
"""How long a form may be, in bytes; the vendor's own limit is a gigabyte, of which no picture makes use."""

_STATUSES = {"200": 200, "201": 201}
_CREATED = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse>\n  <Bucket>{bucket}</Bucket>\n'
    "  <Location>https://{host}/{key}</Location>\n  <Key>{key}</Key>\n</PostResponse>\n"
)


def _body(call: RequestContext, _: str) -> bytes:
    call.shown_request = b""  # whatever comes, it may hold a signature
    method = call.request.method
    if method == "OPTIONS":
        return b""  # what a browser asks before it uploads; the headers say the rest
    if method != "POST":
        raise Refused(rows.BUCKET_ACL)
    if len(call.request.body) > LARGEST:
        raise Refused(rows.TOO_LARGE)
    sent = upload_form.read(call.headers.get("content-type", ""), call.request.body)
    key = sent.fields.get("key", "").replace("${filename}", sent.filename)
    call.shown_request = f"key={key}, file {sent.filename!r} of {len(sent.file)} bytes".encode()
    granted = _granted(call, sent, key)
    call.model, call.caller = granted.model, Caller(granted.namespace, "", None)
    request.rule(call)
    if not call.lost:
        _keep(call, sent, key)
    call.status = _STATUSES.get(sent.fields.get("success_action_status", ""), 204)
    if call.status == 201:  # noqa: PLR2004
        return responses.xml(_CREATED, bucket=STORAGE_BUCKET, host=STORAGE_HOST, key=key)
    return b""


def _granted(call: RequestContext, sent: UploadForm, key: str) -> upload_policy.PolicyDocument:
    """Return what the policy of a form grants, if it is ours and grants this."""
    fields = sent.fields
    policy, signature = fields.get("policy", ""), fields.get("Signature", "")
    if not policy or not signature or not fields.get("OSSAccessKeyId"):
        raise Refused(rows.BUCKET_ACL)
    if fields["OSSAccessKeyId"] != upload_policy.ACCESS_KEY_ID:
        raise Refused(rows.WRONG_ACCESS_KEY)
    if not hmac.compare_digest(signature.encode(), upload_policy.sign(policy).encode()):
        raise Refused(rows.WRONG_SIGNATURE)
    granted = upload_policy.read(policy)
    if granted is None:
        raise Refused(rows.WRONG_SIGNATURE)
    if granted.expires <= call.at:
        raise Refused(rows.POLICY_EXPIRED)
    if condition := granted.failed(key, fields):
        raise Refused(rows.POLICY_CONDITION, condition=condition)
    return granted


def _keep(call: RequestContext, sent: UploadForm, key: str) -> None:
    inspected = call.media.inspect(sent.file)
    size, flaw = (inspected, "") if isinstance(inspected, Size) else (None, inspected.name)
    upload = Upload(
        key=key,
        model=call.model,
        namespace=call.caller.namespace,
        until=call.at + UPLOAD_SECONDS,
        data=sent.file if len(sent.file) <= IMAGE_BYTES else b"",  # no model takes a larger one
        size=size,
        flaw=flaw,
    )
    try:
        kept = call.store.keep_upload(upload, now=call.at)
    except OSError:
        _log.exception("emoji-mock could not keep an upload")
        raise Refused(rows.INTERNAL) from None
    if not kept:
        raise Refused(rows.EXISTS)


POST_OBJECT = Endpoint(name=EndpointName.STORAGE, checks=(), body=_body, headers=responses.storage_headers)
