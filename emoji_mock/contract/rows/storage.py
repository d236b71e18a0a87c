"""Errors of the object storage that takes uploads: XML, not billed."""

from emoji_mock.contract.codes import Code
from emoji_mock.contract.rows.table import known, storage

_GUESS = known("I", "oss", "the words are those of OSS; that this bucket says them is inferred")

POLICY_EXPIRED = storage(
    "policy-expired",
    Code.ACCESS_DENIED,
    403,
    "Invalid according to Policy: Policy expired.",
    "an upload with a policy older than 300 s",
    known("DO", "upload cnblogs"),
)
POLICY_CONDITION = storage(
    "policy-condition",
    Code.ACCESS_DENIED,
    403,
    "Invalid according to Policy: Policy Condition failed: {condition}",
    "an upload whose key does not begin with the policy's upload_dir, or whose fields are not what the policy says",
    _GUESS,
    example=(("condition", '["starts-with", "$key", "dashscope-instant/"]'),),
)
BUCKET_ACL = storage(
    "bucket-acl",
    Code.ACCESS_DENIED,
    403,
    "You have no right to access this object because of bucket acl.",
    "an upload without OSSAccessKeyId, policy or Signature, or a method other than POST",
    _GUESS,
)
WRONG_SIGNATURE = storage(
    Code.SIGNATURE,
    Code.SIGNATURE,
    403,
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    "an upload whose Signature does not belong to its policy",
    _GUESS,
)
WRONG_ACCESS_KEY = storage(
    Code.ACCESS_KEY_ID,
    Code.ACCESS_KEY_ID,
    403,
    "The OSS Access Key Id you provided does not exist in our records.",
    "an upload with another OSSAccessKeyId than the policy's",
    _GUESS,
)
MALFORMED = storage(
    Code.MALFORMED_POST,
    Code.MALFORMED_POST,
    400,
    "The body of your POST request is not well-formed multipart/form-data.",
    "an upload whose body is no multipart form, or breaks off",
    _GUESS,
)
ONE_FILE = storage(
    Code.NUMBER_OF_FILES,
    Code.NUMBER_OF_FILES,
    400,
    "POST requires exactly one file upload per request.",
    "an upload without a file, or with several",
    _GUESS,
)
TOO_LARGE = storage(
    Code.ENTITY_TOO_LARGE,
    Code.ENTITY_TOO_LARGE,
    400,
    "Your proposed upload exceeds the maximum allowed size.",
    "an upload over max_file_size_mb; from the fake, over 32 MiB",
    _GUESS,
)
EXISTS = storage(
    Code.FILE_EXISTS,
    Code.FILE_EXISTS,
    409,
    "The object you specified already exists and can not be overwritten.",
    "an upload under a key that is taken",
    _GUESS,
)
KEY_TOO_LONG = storage(
    Code.OBJECT_NAME,
    Code.OBJECT_NAME,
    400,
    "The Length of Object name must be less than 1024",
    "an upload whose key, `${filename}` replaced, has more than 1,023 bytes",
    _GUESS,
)
INTERNAL = storage(
    "storage-internal-error",
    Code.INTERNAL_ERROR,
    500,
    "We encountered an internal error. Please try again.",
    "the storage cannot keep an upload, or give a video",
    _GUESS,
)
