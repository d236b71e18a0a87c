"""The vendor's hosts."""

import re
from functools import cache, lru_cache

from emoji_mock.contract.endpoint import HOME, RESULT_HOST, STORAGE_HOST

# https://help.aliyun.com/zh/model-studio/emoji-detect-api and the vendor's page on regions.
OTHER_REGIONS = frozenset(
    {"dashscope-intl.aliyuncs.com", "dashscope-us.aliyuncs.com", "cn-hongkong.dashscope.aliyuncs.com"}
)
"""Hosts of other regions, which refuse a key of this region as a bad one."""

NAMED_HOSTS = sorted({HOME.removeprefix("https://"), STORAGE_HOST, RESULT_HOST} | OTHER_REGIONS)
"""The vendor's hosts that have a name of their own: every region, and the storage's two."""
WORKSPACE_DOMAIN = "cn-beijing.maas.aliyuncs.com"
"""The domain in which each workspace has a host."""
_WORKSPACE = rf"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.{re.escape(WORKSPACE_DOMAIN)}"
HOST_PATTERN = "|".join([*map(re.escape, NAMED_HOSTS), _WORKSPACE])
"""The vendor's hosts as a regular expression, in lower case: every region, each workspace's, and the storage's two."""
LONGEST_HOST = 260
"""A name of 253 characters (RFC 1035, 2.3.4) and a port. A Host header may be longer: caches do not keep that."""


@cache
def _vendor() -> re.Pattern[str]:
    # Compiled at its first use: the leak guard, which every run of pytest loads, mostly never needs it.
    return re.compile(rf"(?:.*@)?(?:{HOST_PATTERN})\.?(?::\d*)?", re.IGNORECASE | re.DOTALL | re.ASCII)


def is_vendor_host(host: str) -> bool:
    """Return whether `host` is one of the vendor's; a user, a port and a dot at the end are ignored."""
    return (_is_vendor_cached if len(host) <= LONGEST_HOST else _is_vendor)(host)


def _is_vendor(host: str) -> bool:
    return _vendor().fullmatch(host) is not None


_is_vendor_cached = lru_cache(maxsize=256)(_is_vendor)
