"""Links that are signed anew for every use: what of one names the picture, and what only opens it."""

import re

# Of OSS, S3, CloudFront, Google and COS. `x-oss-process` and its like change the picture, and stay.
_SIGNING = re.compile(
    r"x-amz-.*|x-goog-.*|x-oss-(?:signature.*|credential|date|expires|additional-headers|security-token)|q-sign-.*|q-ak"
    r"|q-key-time|q-header-list|q-url-param-list|q-signature|x-cos-security-token|signature|expires|security-token"
    r"|ossaccesskeyid|awsaccesskeyid|googleaccessid|key-pair-id|policy",
    re.IGNORECASE,
)


def unsigned(url: str) -> str:
    """Return `url` without the parts of its query that sign it: the same for the same picture."""
    path, mark, query = url.partition("?")
    if not mark:
        return url
    kept = [part for part in query.split("&") if not _SIGNING.fullmatch(part.partition("=")[0])]
    return f"{path}?{'&'.join(kept)}" if kept else path
