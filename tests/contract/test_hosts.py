"""Which hosts are the vendor's, which of them refuse a key of Beijing, and which have a certificate."""

import json
import re
import shutil
import subprocess

import pytest

from emoji_mock.contract import hosts
from emoji_mock.contract.hosts import HOST_PATTERN, has_certificate, is_elsewhere, is_vendor_host

# A name, and whether it refuses a key of Beijing, and whether the certificate of a server names it.
VENDORS = {
    "dashscope.aliyuncs.com": (False, True),
    "vpc-cn-beijing.dashscope.aliyuncs.com": (False, True),
    "cn-beijing.dashscope.aliyuncs.com": (False, True),
    "llm-abc123.cn-beijing.maas.aliyuncs.com": (False, True),
    "trial.cn-beijing.maas.aliyuncs.com": (False, True),
    "cn-beijing.maas.aliyuncs.com": (False, True),
    "a.b.cn-beijing.maas.aliyuncs.com": (False, False),
    "dashscope-file-mgr.oss-cn-beijing.aliyuncs.com": (False, True),
    "dashscope-result-bj.oss-cn-beijing.aliyuncs.com": (False, True),
    "dashscope-intl.aliyuncs.com": (True, True),
    "dashscope-us.aliyuncs.com": (True, True),
    "dashscope-finance.aliyuncs.com": (True, True),
    "cn-hongkong.dashscope.aliyuncs.com": (True, True),
    "vpc-ap-southeast-1.dashscope.aliyuncs.com": (True, True),
    "ws-1.ap-northeast-1.maas.aliyuncs.com": (True, True),
    "ws-1.ap-southeast-1.maas.aliyuncs.com": (True, True),
    "ws-1.cn-hongkong.maas.aliyuncs.com": (True, True),
    "ws-1.eu-central-1.maas.aliyuncs.com": (True, True),
    "ws-1.us-east-1.maas.aliyuncs.com": (True, True),
    "ws-1.cn-nowhere.maas.aliyuncs.com": (True, False),
    "dashscope-new.aliyuncs.com": (True, False),
    "xcn-beijing.dashscope.aliyuncs.com": (True, True),
    "new.dashscope.aliyuncs.com": (True, True),
    "a.new.dashscope.aliyuncs.com": (True, False),
    "a_b.maas.aliyuncs.com": (True, True),
    "-.maas.aliyuncs.com": (True, True),
}


@pytest.mark.parametrize(("host", "known"), VENDORS.items(), ids=list(VENDORS))
def test_hosts_of_the_vendor(host, known):
    """Every region, private network and workspace is the vendor's; only those that name Beijing, or no region, take its keys."""
    assert is_vendor_host(host)
    assert (is_elsewhere(host), has_certificate(host)) == known


@pytest.mark.parametrize(
    "host",
    [
        "DashScope.AliyunCS.com",
        "dashscope.aliyuncs.com.",
        "dashscope.aliyuncs.com:443",
        "dashscope.aliyuncs.com.:8443",
        "me:secret@dashscope.aliyuncs.com",
    ],
)
def test_a_host_of_the_vendor_is_known(host):
    """A host is known in any case, with a final dot, a port or a user."""
    assert is_vendor_host(host)


STRANGERS = [
    "",
    "aliyuncs.com",
    "www.aliyuncs.com",
    "dashscope.aliyuncs.com.evil.test",
    "evil-dashscope.aliyuncs.com",
    "notdashscope-a.aliyuncs.com",
    "dashscope-x.aliyuncs.com.evil.example",
    "dashscope-.aliyuncs.com",
    "dashscope-x.y.aliyuncs.com",
    "dashscope-x.oss-cn-beijing.aliyuncs.com",
    "dashscope.oss-cn-beijing.aliyuncs.com",
    "xdashscope.aliyuncs.com",
    "a.notdashscope.aliyuncs.com",
    "a.xmaas.aliyuncs.com",
    "maas.aliyuncs.com",
    "..maas.aliyuncs.com",
    "dashscope.aliyuncs.com@evil.test",
    "dashscope.aliyuncs.com:443@evil.test",
    "dashscope-aliyuncs.com",
    "dashscopexaliyuncs.com",
    "dashscope.aliyuncs.com..",
    ".cn-beijing.maas.aliyuncs.com",
    "my-bucket.oss-cn-beijing.aliyuncs.com",
    "oss-cn-beijing.aliyuncs.com",
    "dashſcope.aliyuncs.com",
    "dashscope.aliyuncs.com\n",
]


@pytest.mark.parametrize("host", STRANGERS)
def test_a_host_that_only_looks_like_it_is_refused(host):
    """A look-alike is not the vendor's, wherever it contains the vendor's name."""
    assert not is_vendor_host(host)
    assert not is_elsewhere(host)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node; CI installs it")
def test_javascript_reads_the_pattern_as_python_does():
    """The preload of Node has the pattern from the environment."""
    names = [*VENDORS, *STRANGERS]
    code = "const [pattern, names] = JSON.parse(process.argv[1]), one = new RegExp(`^(?:${pattern})$`);"
    given = json.dumps([HOST_PATTERN, names])
    command = ["node", "-e", f"{code} console.log(JSON.stringify(names.map((name) => one.test(name))))", given]
    found = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert json.loads(found) == [True] * len(VENDORS) + [False] * len(STRANGERS)
    assert [bool(re.fullmatch(HOST_PATTERN, name)) for name in names] == json.loads(found)


def test_long_hosts_are_not_kept():
    """A Host header may be as long as a head of a request; the cache of known names keeps names alone."""
    hosts._is_vendor_cached.cache_clear()
    assert is_vendor_host(f"{'u' * 60_000}@dashscope.aliyuncs.com")
    assert not is_vendor_host("x" * 60_000)
    assert hosts._is_vendor_cached.cache_info().currsize == 0
