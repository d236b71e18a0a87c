"""The proxies that a user's environment names."""

import pytest

from emoji_mock.server.proxy.upstream import UserProxies


def found(environ, scheme="https", host="other.example", port=443):
    """Return the proxy for a host, as it is shown; "" if there is none."""
    return str(UserProxies(environ).find(scheme, host, port) or "")


@pytest.mark.parametrize(
    ("environ", "http", "https"),
    [
        ({}, "", ""),
        ({"HTTP_PROXY": "http://a:1"}, "a:1", ""),
        ({"HTTPS_PROXY": "http://b:2/"}, "", "b:2"),
        ({"http_proxy": "a:1", "https_proxy": "b"}, "a:1", "b:80"),
        ({"ALL_PROXY": "HTTP://user:pass@[::1]:3128"}, "[::1]:3128", "[::1]:3128"),
        ({"HTTPS_PROXY": "http://a:1", "https_proxy": "http://b:2"}, "", "b:2"),
        ({"HTTPS_PROXY": "http://a:1", "https_proxy": ""}, "", ""),
        ({"HTTPS_PROXY": "http://a:1", "HTTP_PROXY": "a:2", "ALL_PROXY": "socks5://c:3"}, "a:2", "a:1"),
    ],
)
def test_variables_are_read_as_programs_read_them(environ, http, https):
    """In both cases, of which the lower one is the stronger; what is for all is for those that have none."""
    assert (found(environ, "http", port=80), found(environ)) == (http, https)


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("HTTPS_PROXY", "https://user:secret@a:1", "HTTPS_PROXY: names a proxy by https, by which emoji-mock cannot"),
        ("all_proxy", "socks5://user:secret@a:1", "all_proxy: names a proxy by socks5, by which emoji-mock cannot"),
        ("ALL_PROXY", "socks5h://a:1", "ALL_PROXY: names a proxy by socks5h, by which emoji-mock cannot"),
        ("HTTP_PROXY", "http://a:port", "HTTP_PROXY: names no proxy"),
        ("HTTP_PROXY", "http://a:99999", "HTTP_PROXY: names no proxy"),
        ("HTTP_PROXY", "http://", "HTTP_PROXY: names no proxy"),
        ("HTTP_PROXY", "http://[a", "HTTP_PROXY: names no proxy"),
    ],
)
def test_a_proxy_that_is_not_served_is_reported(variable, value, message):
    """With what to do, and without its password."""
    with pytest.raises(ValueError, match=f"^{message}") as caught:
        UserProxies({variable: value})
    assert str(caught.value).endswith(
        f"; set {variable} to http://host:port, or leave it out of the environment (env -u {variable} emoji-mock ...)"
    )
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("exceptions", "matching", "other"),
    [
        ("*", ["a.example", "10.1.2.3"], []),
        ("a.example, b.example", ["a.example", "x.a.example", "b.example"], ["aa.example", "example"]),
        (".a.example", ["x.a.example", "a.example"], ["ba.example"]),
        ("*.A.example.", ["x.a.example"], ["ba.example"]),
        ("a.example:443", ["a.example"], []),
        ("a.example:8443", [], ["a.example"]),
        ("10.0.0.0/8 ::1", ["10.1.2.3", "::1"], ["11.1.2.3", "::2", "a.example"]),
        ("[fd00::1]", ["fd00::1"], ["fd00::2"]),
        (",", [], ["a.example"]),
    ],
)
def test_exceptions_are_reached_without_the_proxy(exceptions, matching, other):
    """By name and everything below it, with a port, or by network."""
    environ = {"HTTPS_PROXY": "http://p:1", "NO_PROXY": exceptions}
    assert [host for host in (*matching, *other) if not found(environ, host=host)] == matching


def test_credentials_are_sent_and_never_shown():
    """They are decoded, as they stand in a URL."""
    proxy = UserProxies({"HTTPS_PROXY": "http://us%40er:p%3Ass@a:1"}).find("https", "b", 443)
    assert proxy.headers() == [("Proxy-Authorization", "Basic dXNAZXI6cDpzcw==")]
    assert (repr(proxy), str(proxy)) == ("UpstreamProxy(a:1)", "a:1")
