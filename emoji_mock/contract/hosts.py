"""Which hosts are the vendor's."""

import re
from functools import cache, lru_cache

from emoji_mock.contract.endpoint import HOME, RESULT_HOST, STORAGE_HOST

# https://help.aliyun.com/zh/model-studio/emoji-detect-api and the vendor's page on regions.
OTHER_REGIONS = frozenset(
    {"dashscope-intl.aliyuncs.com", "dashscope-us.aliyuncs.com", "cn-hongkong.dashscope.aliyuncs.com"}
)
"""Hosts of other regions, where a key of this one answers like a bad key."""

_NAMED = sorted({HOME.removeprefix("https://"), STORAGE_HOST, RESULT_HOST} | OTHER_REGIONS)
_WORKSPACE = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.cn-beijing\.maas\.aliyuncs\.com"
HOST_PATTERN = "|".join([*map(re.escape, _NAMED), _WORKSPACE])
"""The vendor's hosts as a regular expression, in lower case: every region, each workspace's, and the storage's two."""


@cache
def _vendor() -> re.Pattern[str]:
    # Compiled when it is first asked for: the leak guard, which every run of pytest loads, mostly never asks.
    return re.compile(rf"(?:.*@)?(?:{HOST_PATTERN})\.?(?::\d*)?", re.IGNORECASE | re.DOTALL | re.ASCII)


@lru_cache(maxsize=256)
def is_vendor_host(host: str) -> bool:
    """Say whether `host` is one of the vendor's; a user, a port and the dot at the end do not matter."""
    return _vendor().fullmatch(host) is not None
