"""The address that answers name: the Host header, or what proxies in front say of it."""

import json

import pytest
from helpers import PATH, call, masked, policy_for

from emoji_mock import Fake
from emoji_mock.fake.network.addresses import SERVER, read_address

STORAGE = "/dashscope-file-mgr"
FORWARDED = [
    ({"x_forwarded_proto": "https"}, "https://mock:8000"),
    ({"x_forwarded_proto": "HTTPS, http"}, "https://mock:8000"),
    ({"x_forwarded_proto": "ftp"}, "http://mock:8000"),
    ({"x_forwarded_host": "app.example"}, "http://app.example"),
    ({"x_forwarded_host": "app.example:8443, inner"}, "http://app.example:8443"),
    ({"x_forwarded_host": "[2001:DB8::1]:8443"}, "http://[2001:db8::1]:8443"),
    ({"x_forwarded_host": "evil/x?y#"}, "http://mock:8000"),
    ({"x_forwarded_host": "user@evil"}, "http://mock:8000"),
    ({"x_forwarded_host": 'a","x":"b'}, "http://mock:8000"),
    ({"x_forwarded_host": ""}, "http://mock:8000"),
    ({"x_forwarded_port": "9000"}, "http://mock:9000"),
    ({"x_forwarded_port": "80"}, "http://mock"),
    ({"x_forwarded_port": "443", "x_forwarded_proto": "https"}, "https://mock"),
    ({"x_forwarded_port": "0"}, "http://mock:8000"),
    ({"x_forwarded_port": "99999"}, "http://mock:8000"),
    ({"x_forwarded_port": "80x"}, "http://mock:8000"),
    ({"x_forwarded_host": "app.example", "x_forwarded_port": "8443"}, "http://app.example:8443"),
    ({"forwarded": "for=1.2.3.4;host=app.example;proto=https"}, "https://app.example"),
    ({"forwarded": 'Host="app.example:8443" ; PROTO=https, host=inner;proto=http'}, "https://app.example:8443"),
    ({"forwarded": 'host="[2001:db8::1]:8443"'}, "http://[2001:db8::1]:8443"),
    ({"forwarded": 'for="a;host=evil,b";host=app.example'}, "http://app.example"),
    ({"forwarded": r'host="app\.example"'}, "http://app.example"),
    ({"forwarded": "for=1.2.3.4, host=app.example"}, "http://app.example"),
    ({"forwarded": 'host="app.example'}, "http://mock:8000"),
    ({"forwarded": "host=app.example;=;"}, "http://mock:8000"),
    ({"forwarded": "host=evil/x"}, "http://mock:8000"),
    ({"forwarded": "host=a.example", "x_forwarded_host": "b.example"}, "http://a.example"),
    ({"x_forwarded_host": "dashscope.aliyuncs.com", "x_forwarded_proto": "https"}, ""),
]


@pytest.mark.parametrize(("headers", "base"), FORWARDED, ids=lambda value: str(value)[:60])
def test_answers_name_the_address_that_the_client_used(fake, headers, base):
    """The first valid value counts, a bad one is ignored, and a vendor's name leads to the vendor's storage."""
    expected = f"{base}{STORAGE}" if base else "https://dashscope-file-mgr.oss-cn-beijing.aliyuncs.com"
    assert policy_for(fake, host="mock:8000", **headers)["upload_host"] == expected


@pytest.mark.parametrize("host", [None, "", ":8000", "@", "a b", "[::1", "evil/x", "x:99999"])
def test_an_answer_to_no_host_names_no_vendor(fake, host):
    """Without a usable Host, it names the address of the socket, or else a name that is nobody's."""
    assert policy_for(fake, host=host)["upload_host"] == f"http://emoji-mock.test{STORAGE}"
    target = "/api/v1/uploads?action=getPolicy&model=emoji-detect-v1"
    request = call(b"", method="GET", target=target, host=host)
    request = request._replace(headers=(*request.headers, (SERVER, "127.0.0.1:8000")))
    assert json.loads(fake.answer(request).body)["data"]["upload_host"] == f"http://127.0.0.1:8000{STORAGE}"


def test_the_answer_itself_does_not_depend_on_proxies():
    """Headers of proxies change no detection."""
    plain, proxied = Fake(), Fake()
    answers = [
        masked(one.answer(call(target=PATH, **headers)).body.decode())
        for one, headers in ((plain, {}), (proxied, {"forwarded": "host=a.example", "x_forwarded_host": "b"}))
    ]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("A.example:80", "a.example"),
        ("[::1]", "[::1]"),
        ("a_b", "a_b"),
        ("", None),
        (".", None),
        ("a:", "a"),
        ("\u0661", None),
    ],
)
def test_an_address_is_a_host_and_a_port(text, host):
    """Anything else is none."""
    found = read_address(text)
    assert (found and found.host) == host
