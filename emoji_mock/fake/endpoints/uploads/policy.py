"""getPolicy: permission to upload a file for one model. It is signed, so that no store has to keep it."""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from hashlib import blake2b, sha1
from secrets import token_bytes
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import msgspec

from emoji_mock.contract import routes
from emoji_mock.contract.documents.uploads import PolicyResponse, UploadPolicy
from emoji_mock.contract.endpoint import (
    MODEL,
    MODELS,
    POLICY_SECONDS,
    STORAGE_BUCKET,
    STORAGE_HOST,
    UPLOAD_ACL,
    UPLOAD_FORBIDS_OVERWRITE,
    UPLOADS,
)
from emoji_mock.contract.hosts import is_vendor_host
from emoji_mock.contract.model import CHINA
from emoji_mock.contract.rows import gateway, service
from emoji_mock.fake import responses
from emoji_mock.fake.accounting.api_keys import is_namespace
from emoji_mock.fake.checks import account, image, request
from emoji_mock.fake.checks.refusal import Refused
from emoji_mock.fake.context import Decision, RequestContext
from emoji_mock.fake.endpoints.documentation import Documentation, Parameter
from emoji_mock.fake.endpoints.endpoint import Endpoint

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from emoji_mock.fake.options import Options
    from emoji_mock.fake.request_head import RequestHead

ACCESS_KEY_ID = "emoji-mock"
_PROCESS_KEY = token_bytes(32)
"""Signs what this process grants, unless the options have a key that replicas share. A forked child keeps it."""
_MEGABYTES = 1024
_PARAMETERS = 100


class PolicyDocument(msgspec.Struct, frozen=True):
    """What a policy grants: until when, under which conditions, for which model, to which namespace.

    Expiration and conditions are as recorded (cnblogs); model and namespace are additions of the fake.
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


def sign(policy: str, options: Options) -> str:
    """Return the signature of a policy: as OSS's version 1, HMAC-SHA1 in base64."""
    return b64encode(hmac.digest(options.policy_key or _PROCESS_KEY, policy.encode(errors="replace"), sha1)).decode()


def is_signed(policy: str, signature: str, options: Options) -> bool:
    """Return whether `signature` is that of `policy`, in a time that does not depend on how much of it is right."""
    return hmac.compare_digest(signature.encode(errors="replace"), sign(policy, options).encode())


def read(policy: str, models: Collection[str]) -> PolicyDocument | None:
    """Return what a policy grants, or None if getPolicy could not have made it for one of `models`."""
    try:
        granted = msgspec.json.decode(b64decode(policy, validate=True), type=PolicyDocument)
        _ = granted.expires
    except (ValueError, OverflowError, RecursionError, msgspec.MsgspecError):
        return None
    return granted if granted.model in models and is_namespace(granted.namespace) else None


def granted_to(policy: str, signature: str, options: Options) -> str:
    """Return the namespace to which a policy was granted; empty if it is not signed."""
    if not policy or not is_signed(policy, signature, options):
        return ""
    granted = read(policy, MODELS)
    return "" if granted is None else granted.namespace


def load_query(context: RequestContext, decision: Decision) -> None:
    """Read action and model from the query, and refuse any other action and an unknown model."""
    try:
        query = parse_qs(context.head.query, max_num_fields=_PARAMETERS)
    except ValueError:
        raise Refused(service.PARAMETER_INVALID) from None
    if query.get("action") != ["getPolicy"]:
        raise Refused(service.PARAMETER_INVALID)
    decision.model = query.get("model", [""])[0]
    if not decision.model:
        raise Refused(gateway.NO_MODEL)
    if decision.model not in context.models:
        raise Refused(gateway.UNKNOWN_MODEL)


def _body(context: RequestContext, decision: Decision, request_id: str) -> bytes:
    namespace = decision.caller.namespace
    account_id = blake2b(namespace.encode(), digest_size=16).hexdigest()
    day = datetime.fromtimestamp(context.at, CHINA).date().isoformat()
    folder = f"dashscope-instant/{account_id}/{day}/{request_id}"
    ends = datetime.fromtimestamp(context.at + POLICY_SECONDS, UTC).isoformat(timespec="milliseconds")
    conditions = (
        ("content-length-range", 0, _MEGABYTES * 1024 * 1024),
        ("starts-with", "$key", folder),
        {"bucket": STORAGE_BUCKET},
        {"x-oss-object-acl": UPLOAD_ACL},
        {"x-oss-forbid-overwrite": UPLOAD_FORBIDS_OVERWRITE},
    )
    granted = PolicyDocument(ends.replace("+00:00", "Z"), conditions, decision.model, namespace)
    policy = b64encode(msgspec.json.encode(granted)).decode()
    answer = UploadPolicy(
        policy=policy,
        signature=sign(policy, context.options),
        upload_dir=folder,
        upload_host=storage_url(context.head),
        expire_in_seconds=POLICY_SECONDS,
        max_file_size_mb=_MEGABYTES,
        capacity_limit_mb=999_999_999,
        oss_access_key_id=ACCESS_KEY_ID,
        x_oss_object_acl=UPLOAD_ACL,
        x_oss_forbid_overwrite=UPLOAD_FORBIDS_OVERWRITE,
    )
    hidden = msgspec.structs.replace(answer, policy="…", signature="…")
    decision.journal_answer = responses.encode(PolicyResponse(hidden, request_id))
    return responses.encode(PolicyResponse(answer, request_id))


def storage_url(head: RequestHead, host: str = STORAGE_HOST) -> str:
    """Return the URL of a storage: the vendor's, or this server's if it was asked under a name of its own."""
    scheme, address = head.origin
    if is_vendor_host(address.host):
        return f"https://{host}"
    return f"{scheme}://{address}/{host.partition('.')[0]}"


GET_POLICY = Endpoint(
    route=routes.UPLOADS,
    decision=Decision,
    checks=(
        request.authenticate,
        request.require_get,
        load_query,
        account.check_account,
        account.reject_throttled_key,
        image.apply_rule,
    ),
    body=_body,
    headers=responses.policy_headers,
    documentation=Documentation(
        summary="Get permission to upload a file",
        description=(
            f"Return a policy, good for {POLICY_SECONDS} seconds and for one model; then post the file to its "
            "`upload_host`."
        ),
        parameters=(
            Parameter(name="action", where="query", schema={"type": "string", "enum": ["getPolicy"]}),
            Parameter(name="model", where="query", schema={"type": "string", "enum": sorted(MODELS)}),
        ),
        response=PolicyResponse,
        success={200: f"A policy for {POLICY_SECONDS} seconds."},
        examples=lambda caller: {"policy": caller.get(f"{UPLOADS}?action=getPolicy&model={MODEL}")},
        statuses=(400, 401, 403, 429),
    ),
)
