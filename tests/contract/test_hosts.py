"""Which hosts are the vendor's."""

import pytest

from emoji_mock.contract import hosts
from emoji_mock.contract.hosts import is_vendor_host


@pytest.mark.parametrize(
    "host",
    [
        "dashscope.aliyuncs.com",
        "dashscope-intl.aliyuncs.com",
        "dashscope-us.aliyuncs.com",
        "cn-hongkong.dashscope.aliyuncs.com",
        "dashscope-file-mgr.oss-cn-beijing.aliyuncs.com",
        "dashscope-result-bj.oss-cn-beijing.aliyuncs.com",
        "llm-abc123.cn-beijing.maas.aliyuncs.com",
        "DashScope.AliyunCS.com",
        "dashscope.aliyuncs.com.",
        "dashscope.aliyuncs.com:443",
        "dashscope.aliyuncs.com.:8443",
        "me:secret@dashscope.aliyuncs.com",
    ],
)
def test_a_host_of_the_vendor_is_known(host):
    """Every region and workspace, and the storage, is known, in any case, with a final dot, a port or a user."""
    assert is_vendor_host(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "aliyuncs.com",
        "www.aliyuncs.com",
        "dashscope.aliyuncs.com.evil.test",
        "evil-dashscope.aliyuncs.com",
        "evil.dashscope.aliyuncs.com",
        "dashscope.aliyuncs.com@evil.test",
        "dashscope.aliyuncs.com:443@evil.test",
        "dashscope-aliyuncs.com",
        "dashscopexaliyuncs.com",
        "dashscope.aliyuncs.com..",
        "a.b.cn-beijing.maas.aliyuncs.com",
        ".cn-beijing.maas.aliyuncs.com",
        "cn-beijing.maas.aliyuncs.com",
        "-.cn-beijing.maas.aliyuncs.com",
        "my-bucket.oss-cn-beijing.aliyuncs.com",
        "oss-cn-beijing.aliyuncs.com",
        "dashſcope.aliyuncs.com",
        "dashscope.aliyuncs.com\n",
    ],
)
def test_a_host_that_only_looks_like_it_is_refused(host):
    """A look-alike is not the vendor's, wherever it contains the vendor's name."""
    assert not is_vendor_host(host)


def test_long_hosts_are_not_kept():
    """A Host header may be as long as a head of a request; the cache of known names keeps names alone."""
    hosts._is_vendor_cached.cache_clear()
    assert is_vendor_host(f"{'u' * 60_000}@dashscope.aliyuncs.com")
    assert not is_vendor_host("x" * 60_000)
    assert hosts._is_vendor_cached.cache_info().currsize == 0
