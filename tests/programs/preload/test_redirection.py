"""Where a call of a Python program goes: the decisions of the preload, in this process, which they do not change."""

import socket
import sys

import pytest

from emoji_mock.contract.hosts import HOST_PATTERN
from emoji_mock.programs.preloads import PRELOADS

ENVIRON = {"EMOJI_MOCK_HOSTS": HOST_PATTERN, "EMOJI_MOCK_TLS_PORT": "4430", "EMOJI_MOCK_PORT": "8000"}
NOBODY = "127.69.77.79"


@pytest.fixture(scope="module")
def redirection():
    """The module of the preload."""
    before = sys.path[:]
    sys.path.insert(0, str(PRELOADS["python"]))
    try:
        import emoji_mock_redirection

        yield emoji_mock_redirection
    finally:
        sys.path[:] = before
        del sys.modules["emoji_mock_redirection"]


@pytest.mark.parametrize(
    "host",
    [
        "dashscope.aliyuncs.com",
        "DashScope.AliyunCS.com",
        "dashscope.aliyuncs.com.",
        b"dashscope.aliyuncs.com",
        bytearray(b"dashscope-intl.aliyuncs.com"),
        "ws-1.cn-beijing.maas.aliyuncs.com",
        "vpc-cn-beijing.dashscope.aliyuncs.com",
        "dashscope-new.aliyuncs.com",
        "new.maas.aliyuncs.com",
        "dashscope-file-mgr.oss-cn-beijing.aliyuncs.com",
        "dashscope-result-bj.oss-cn-beijing.aliyuncs.com",
    ],
)
def test_the_vendors_hosts_are_redirected(redirection, host):
    """A look-up gives the address that nobody uses; a connection goes to the plain port for port 80, else to TLS."""
    to = redirection.Redirection(ENVIRON)
    assert to.looked_up(host) == NOBODY
    assert to.address((host, 80)) == ("127.0.0.1", 8000)
    assert to.address((host, 443)) == ("127.0.0.1", 4430)
    assert to.address((host, 8443, 0, 0)) == ("127.0.0.1", 4430)
    assert to.address((NOBODY, 80)) == ("127.0.0.1", 8000)


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "dashscope.aliyuncs.com.test",
        "dashscope.test",
        "xdashscope.aliyuncs.com",
        "dashscopeXaliyuncs.com",
        "oss-cn-beijing.aliyuncs.com",
        "dashscope-x.oss-cn-beijing.aliyuncs.com",
        "notdashscope-a.aliyuncs.com",
        "dashscope-x.aliyuncs.com.evil.example",
        "203.0.113.7",
        "127.0.0.1",
        "::1",
        "dashscope.aliyuncs.com\n",
        "täst.example",
        b"\xff",
        "",
        None,
        7,
    ],
)
def test_others_are_left(redirection, host):
    """Whatever is no host of the vendor's is looked up and connected to as it was given."""
    to = redirection.Redirection(ENVIRON)
    assert to.looked_up(host) is host
    address = (host, 443)
    assert to.address(address) is address


@pytest.mark.parametrize("address", ["/run/service.sock", b"/run/x", b"", (), ("eth0",), 7, None])
def test_addresses_of_other_families_are_left(redirection, address):
    """So is an address of another family than the internet's, and what is no address."""
    offline = redirection.Redirection({**ENVIRON, "EMOJI_MOCK_OFFLINE": "1"})
    with socket.socket(socket.AF_UNIX if hasattr(socket, "AF_UNIX") else socket.AF_INET, socket.SOCK_DGRAM) as local:
        assert offline.address(address, local) is address


@pytest.mark.parametrize(
    "host",
    [
        *["localhost", "LOCALHOST.", "api.localhost", "127.0.0.1", "127.9.9.9", b"127.0.0.1"],
        *["::1", "::ffff:127.0.0.1", "::", "0.0.0.0", "", None, socket.gethostname()],
    ],
)
def test_this_machine_is_allowed_offline(redirection, host):
    """Offline, the names and addresses of this machine can be looked up and connected to."""
    to = redirection.Redirection({**ENVIRON, "EMOJI_MOCK_OFFLINE": "1"})
    assert to.looked_up(host) is host
    assert to.address((host, 5432)) == (host, 5432)
    assert to.looked_up("dashscope.aliyuncs.com") == NOBODY


@pytest.mark.parametrize(
    "host", ["example.com", "203.0.113.7", "10.0.0.1", "fe80::1", "127.0.0.1.example.com", "127.x"]
)
def test_other_hosts_are_refused_offline(redirection, host):
    """Offline, every other host is refused, with the option that says so; a socket for UDP may connect."""
    to = redirection.Redirection({**ENVIRON, "EMOJI_MOCK_OFFLINE": "1"})
    with pytest.raises(socket.gaierror, match=f"emoji-mock --offline refuses {host}"):
        to.looked_up(host)
    with pytest.raises(ConnectionRefusedError, match=f"emoji-mock --offline refuses {host}"):
        to.address((host, 443))
    with socket.socket(type=socket.SOCK_DGRAM) as udp:
        assert to.address((host, 53), udp) == (host, 53)


@pytest.mark.parametrize(("value", "refused"), [("", False), ("0", False), ("1", True), ("true", True)])
def test_offline_is_one(redirection, value, refused):
    """EMOJI_MOCK_OFFLINE is on with 1 and off with 0 or nothing."""
    assert redirection.Redirection({**ENVIRON, "EMOJI_MOCK_OFFLINE": value}).offline is refused


def test_a_wrong_pattern_matches_nothing(redirection, capsys):
    """A pattern that is none is reported in one line, and no host matches it."""
    to = redirection.Redirection({**ENVIRON, "EMOJI_MOCK_HOSTS": "("})
    assert to.looked_up("dashscope.aliyuncs.com") == "dashscope.aliyuncs.com"
    assert to.looked_up("dashscope.aliyuncs.com") == "dashscope.aliyuncs.com"
    assert capsys.readouterr().err.count("\n") == 1
