"""The JSON documents of uploads; fields are in the vendor's key order."""

from msgspec import Struct


class UploadPolicy(Struct, frozen=True):
    """What a caller may upload, to which place, and until when."""

    policy: str
    signature: str
    upload_dir: str
    upload_host: str
    expire_in_seconds: int
    max_file_size_mb: int
    capacity_limit_mb: int
    oss_access_key_id: str
    x_oss_object_acl: str
    x_oss_forbid_overwrite: str


class PolicyResponse(Struct, frozen=True):
    """HTTP 200, not billed: a policy."""

    data: UploadPolicy
    request_id: str
