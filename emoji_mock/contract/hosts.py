"""Which hosts are the vendor's."""

import re
from functools import lru_cache

# https://help.aliyun.com/zh/model-studio/emoji-detect-api and the vendor's page on regions.
HOST_PATTERN = (
    r"(?:dashscope(?:-intl|-us)?|cn-hongkong\.dashscope)\.aliyuncs\.com"
    r"|[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.cn-beijing\.maas\.aliyuncs\.com"
    r"|dashscope-(?:file-mgr|result-bj)\.oss-cn-beijing\.aliyuncs\.com"
)
"""The vendor's hosts as a regular expression, in lower case: every region, each workspace's, and the storage's two."""

_VENDOR = re.compile(rf"(?:.*@)?(?:{HOST_PATTERN})\.?(?::\d*)?", re.IGNORECASE | re.DOTALL | re.ASCII)


@lru_cache(maxsize=256)
def is_vendor_host(host: str) -> bool:
    """Say whether `host` is one of the vendor's; a user, a port and the dot at the end do not matter."""
    return _VENDOR.fullmatch(host) is not None
