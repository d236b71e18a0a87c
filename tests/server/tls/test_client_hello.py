"""The host that a ClientHello names, for a notice; the bytes may be anything."""

import ssl

import pytest

from emoji_mock.server.tls.client_hello import named_host

WORKSPACE = "abcdefghijklmnopqrs.cn-beijing.maas.aliyuncs.com"


def hello(host):
    """Return the first bytes of a client that calls `host`; Python's own is made for another, so as not to leak."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    sent = ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), sent, server_hostname="x" * len(host)).do_handshake()
    return sent.read().replace(b"x" * len(host), host.encode())


@pytest.mark.parametrize(
    ("host", "named"),
    [
        ("dashscope.aliyuncs.com", "dashscope.aliyuncs.com"),
        ("DashScope.Aliyuncs.com", "dashscope.aliyuncs.com"),
        (WORKSPACE, WORKSPACE),  # of 48 characters: the byte before the name, its length, is the digit 0
        ("dashscope.aliyuncs.com.example.com", ""),
        ("notdashscope.aliyuncs.com", ""),
        ("localhost", ""),
    ],
)
def test_the_host_that_a_client_names_is_read(host, named):
    """A host of the vendor's is returned as it is, in lower case, and no other."""
    assert named_host(hello(host)) == named


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x16",
        b"\x16\x03\x01" + b"a" * 1_000_000,
        b"\x16\x03\x01" + b"a-" * 500_000,
        bytes(1_000_000),
        b"\0\0\0\xff\0\xfd\0\0\xfa" * 100_000,
        b"\x16dashscope.aliyuncs.com",
    ],
)
def test_bytes_that_are_no_client_hello_name_no_host(data):
    """They are searched once: a search that begins anew at every byte takes hours for the longest."""
    assert named_host(data) == ""


@pytest.mark.parametrize("size", [1, 5, 50, 100])
def test_a_part_of_a_client_hello_names_no_host(size):
    """What has not come yet is not guessed."""
    assert named_host(hello("dashscope.aliyuncs.com")[:size]) == ""
