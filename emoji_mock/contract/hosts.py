"""The vendor's hosts: which they are, which of them refuse a key of this region, and which have a certificate here."""

import re
from functools import cache, lru_cache

from emoji_mock.contract.endpoint import HOME, RESULT_HOST, STORAGE_HOST

# https://help.aliyun.com/zh/model-studio/regions and .../base-url; the financial cloud as public programs call it.
NAMED_HOSTS = sorted(
    {
        HOME.removeprefix("https://"),
        "cn-hongkong.dashscope.aliyuncs.com",
        "dashscope-finance.aliyuncs.com",
        "dashscope-intl.aliyuncs.com",
        "dashscope-us.aliyuncs.com",
        "vpc-cn-beijing.dashscope.aliyuncs.com",
        STORAGE_HOST,
        RESULT_HOST,
    }
)
"""The vendor's hosts whose names are known, with the storage's two."""
DOMAINS = ("dashscope.aliyuncs.com", "maas.aliyuncs.com")
"""The domains in which every host is the vendor's: regions and private networks in one, workspaces in the other."""
REGIONS = ("cn-beijing", "ap-northeast-1", "ap-southeast-1", "cn-hongkong", "eu-central-1", "us-east-1")
"""The regions in whose domains below `maas.aliyuncs.com` workspaces have their hosts. The first serves the models."""
CERTIFIED = (
    *NAMED_HOSTS,
    *(f"*.{domain}" for domain in (*DOMAINS, *(f"{region}.{DOMAINS[1]}" for region in REGIONS))),
)
"""The vendor's names on the certificate of a server; a `*` is one label (RFC 6125, 6.4.3)."""

# Any label, also one that no host may have: what is below a domain of the vendor's is the vendor's.
_IN_DOMAINS = rf"(?:[a-z0-9_-]+\.)+(?:{'|'.join(map(re.escape, DOMAINS))})"
_OTHER_NAMES = r"dashscope-[a-z0-9_-]+\.aliyuncs\.com"
HOST_PATTERN = "|".join([*map(re.escape, NAMED_HOSTS), _OTHER_NAMES, _IN_DOMAINS])
"""The vendor's hosts as a regular expression of Python's and JavaScript's, in lower case.

Every region, private network and workspace, also those that are not known here, and the storage's two. Below
`oss-….aliyuncs.com` anybody may name a bucket, so other storage hosts are not the vendor's.
"""
LONGEST_HOST = 260
"""A name of 253 characters (RFC 1035, 2.3.4) and a port. A Host header may be longer: caches do not keep that."""

_WITHOUT_REGION = frozenset({HOME.removeprefix("https://"), STORAGE_HOST, RESULT_HOST})
_IN_BEIJING = (f".{REGIONS[0]}.", f".vpc-{REGIONS[0]}.")


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


def is_elsewhere(host: str) -> bool:
    """Return whether `host` (lower case, without a port) is the vendor's, but no host of the region with the models.

    It refuses a key of that region as a bad one: documented for the hosts of other regions, inferred for those whose
    region is not known here.
    """
    if host in _WITHOUT_REGION or not is_vendor_host(host):
        return False
    return not any(label in f".{host}" for label in _IN_BEIJING)


def has_certificate(host: str) -> bool:
    """Return whether the certificate of a server names `host` (lower case), which is the vendor's."""
    return host in NAMED_HOSTS or f"*.{host.partition('.')[2]}" in CERTIFIED
