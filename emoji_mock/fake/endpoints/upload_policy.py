"""getPolicy: permission to upload a picture for one model. It is signed, so that nothing has to remember it."""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from hashlib import blake2b, sha1
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import msgspec

from emoji_mock.contract.endpoint import (
    MODELS,
    POLICY_SECONDS,
    STORAGE_BUCKET,
    STORAGE_HOST,
    UPLOAD_ACL,
    UPLOAD_FORBIDS_OVERWRITE,
    EndpointName,
)
from emoji_mock.contract.hosts import is_vendor_host
from emoji_mock.contract.models.uploads import PolicyGranted, UploadPolicy
from emoji_mock.contract.rows import gateway, service
from emoji_mock.fake import responses
from emoji_mock.fake.accounting.api_keys import is_namespace
from emoji_mock.fake.checks import body as request
from emoji_mock.fake.context import CHINA, RequestContext
from emoji_mock.fake.endpoints.endpoint import Endpoint
from emoji_mock.fake.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCESS_KEY_ID = "emoji-mock"
# No secret: the signature is there to catch a caller that mixes its fields up, and every replica makes the same one.
# So a policy may be forged, and `read` takes none that getPolicy could not have made.
_SIGNING_KEY = b"emoji-mock"
_MEGABYTES = 1024
_PARAMETERS = 100


class PolicyDocument(msgspec.Struct, frozen=True):
    """What a policy of ours says: until when, what an upload must be like, for which model, and in whose name.

    Expiration and conditions are as recorded (cnblogs); model and namespace are ours.
    """

    expiration: str
    conditions: tuple[tuple[str, int, int], tuple[str, str, str], dict[str, str], dict[str, str], dict[str, str]]
    model: str
    namespace: str

    @property
    def expires(self) -> float:
        """When it ends, in seconds since the epoch."""
        return datetime.fromisoformat(self.expiration).timestamp()

    def failed(self, key: str, fields: Mapping[str, str]) -> str:
        """Return the first condition that an upload to `key` with these `fields` does not meet, as OSS writes it."""
        _, (_, _, prefix), *wanted = self.conditions
        if not key.startswith(prefix):
            return f'["starts-with", "$key", "{prefix}"]'
        for name, value in (pair for condition in wanted for pair in condition.items()):
            if name != "bucket" and fields.get(name) != value:  # the bucket is that of the host
                return f'["eq", "${name}", "{value}"]'
        return ""


def sign(policy: str) -> str:
    """Return the signature of a policy."""
    return b64encode(hmac.digest(_SIGNING_KEY, policy.encode(errors="replace"), sha1)).decode()


def read(policy: str) -> PolicyDocument | None:
    """Return what a policy says, if it is one that getPolicy could have made."""
    try:
        granted = msgspec.json.decode(b64decode(policy), type=PolicyDocument)
        _ = granted.expires
    except (ValueError, OverflowError, RecursionError, msgspec.MsgspecError):
        return None
    return granted if granted.model in MODELS and is_namespace(granted.namespace) else None


def action(call: RequestContext) -> None:
    """Know what is wanted, and for which model; both stand in the query."""
    try:
        query = parse_qs(call.request.target.partition("?")[2], max_num_fields=_PARAMETERS)
    except ValueError:
        raise Refused(service.PARAMETER_INVALID) from None
    if query.get("action") != ["getPolicy"]:
        raise Refused(service.PARAMETER_INVALID)
    call.model = query.get("model", [""])[0]
    if not call.model:
        raise Refused(gateway.NO_MODEL)
    if call.model not in MODELS:
        raise Refused(gateway.UNKNOWN_MODEL)


def _body(call: RequestContext, request_id: str) -> bytes:
    account = blake2b(call.caller.namespace.encode(), digest_size=16).hexdigest()
    day = datetime.fromtimestamp(call.at, CHINA).date().isoformat()
    folder = f"dashscope-instant/{account}/{day}/{request_id}"
    ends = datetime.fromtimestamp(call.at + POLICY_SECONDS, UTC).isoformat(timespec="milliseconds")
    conditions = (
        ("content-length-range", 0, _MEGABYTES * 1024 * 1024),
        ("starts-with", "$key", folder),
        {"bucket": STORAGE_BUCKET},
        {"x-oss-object-acl": UPLOAD_ACL},
        {"x-oss-forbid-overwrite": UPLOAD_FORBIDS_OVERWRITE},
    )
    granted = PolicyDocument(ends.replace("+00:00", "Z"), conditions, call.model, call.caller.namespace)
    policy = b64encode(msgspec.json.encode(granted)).decode()
    told = UploadPolicy(
        policy=policy,
        signature=sign(policy),
        upload_dir=folder,
        upload_host=storage_url(call),
        expire_in_seconds=POLICY_SECONDS,
        max_file_size_mb=_MEGABYTES,
        capacity_limit_mb=999_999_999,
        oss_access_key_id=ACCESS_KEY_ID,
        x_oss_object_acl=UPLOAD_ACL,
        x_oss_forbid_overwrite=UPLOAD_FORBIDS_OVERWRITE,
    )
    hidden = msgspec.structs.replace(told, policy="…", signature="…")
    call.shown_answer = responses.encode(PolicyGranted(hidden, request_id))
    return responses.encode(PolicyGranted(told, request_id))


def storage_url(call: RequestContext, host: str = STORAGE_HOST) -> str:
    """Return where a storage is: at the vendor's, or this server when it was asked under a name of its own."""
    if not call.host or is_vendor_host(call.host):
        return f"https://{host}"
    return f"{call.scheme}://{call.authority}/{host.partition('.')[0]}"


GET_POLICY = Endpoint(
    name=EndpointName.UPLOADS,
    checks=(request.authenticate, request.fetched, action, request.account, request.throttled, request.rule),
    body=_body,
    headers=responses.policy_headers,
)
