"""Our own pages for health checks, programs and browsers: HEAD, OPTIONS, known names, and headers that protect."""

import pytest
from helpers import exchange, parse_head, raw_call

from emoji_mock.server.access import KnownHosts, find_refusal

PAGES = [
    "/",
    "/docs",
    "/docs/oauth2-redirect",
    "/openapi.json",
    "/_mock/health",
    "/_mock/journal",
    "/_mock/ledger",
    "/_mock/verdict",
    "/_mock/catalogue",
    "/_mock/catalogue/FacePose",
    "/_mock/rules",
    "/_mock/limits",
    "/_mock/scenario",
    "/_mock/clock",
    "/_mock/static/swagger-ui.css",
]


def ask(live, method, path, extra=b""):
    """Return status, headers and body of a page; the connection ends with it."""
    message = f"{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n".encode() + extra + b"\r\n"
    head, _, content = exchange(live.address, message).partition(b"\r\n\r\n")
    return *parse_head(head), content


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/_mock/clock"])  # whose length varies
def test_head_is_get_without_the_body(live, path):
    """Health checks ask by HEAD (`wget --spider`, `curl -I`): status and headers are those of GET."""
    status, headers, content = ask(live, "GET", path)
    assert ask(live, "HEAD", path) == (status, headers, b"")
    assert int(headers["content-length"]) == len(content)


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("HEAD", "/_mock/reset", 405, "OPTIONS, POST"),
        ("HEAD", "/_mock/nothing", 404, None),
        ("OPTIONS", "/_mock/rules", 204, "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"),
        ("OPTIONS", "/docs", 204, "GET, HEAD, OPTIONS"),
        ("OPTIONS", "/_mock/static/swagger-ui.css", 204, "GET, HEAD, OPTIONS"),
        ("OPTIONS", "/_mock/nothing", 404, None),
    ],
)
def test_methods_are_refused_or_told_by_allow(live, method, path, status, allow):
    """A page says which methods it takes, to OPTIONS and in a refusal."""
    answered, headers, content = ask(live, method, path)
    assert (answered, headers.get("allow")) == (status, allow)
    assert (content == b"") is (method == "HEAD" or status == 204)


@pytest.mark.parametrize("path", [*PAGES, "/_mock/nothing", "/_mock/journal?limit=0", "/_mock/static/nothing"])
@pytest.mark.parametrize("extra", [b"", b"origin: http://evil.example\r\n"], ids=["", "refused"])
@pytest.mark.parametrize("method", ["GET", "PATCH", "OPTIONS"])
def test_no_page_can_be_framed_or_loads_from_elsewhere(live, method, path, extra):
    """Every answer of ours, errors and refusals too, forbids frames and sniffing, and loads at most from this server."""
    _, headers, _ = ask(live, method, path, extra)
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
    assert (headers["x-frame-options"], headers["x-content-type-options"]) == ("DENY", "nosniff")
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_the_vendors_answers_keep_their_headers(live):
    """No header of our pages' is on a vendor route, whatever host is named."""
    for message in (raw_call(host="evil.example"), raw_call(host="evil.example", connection="close")):
        status, headers, _ = live.send(message)[0]
        assert (status, "content-security-policy" in headers) == (200, False)


def test_a_page_of_another_site_may_link_to_page_and_manual_alone(live):
    """A link opens the page or the manual; nothing else answers a page of another site."""
    link = b"sec-fetch-site: cross-site\r\nsec-fetch-mode: navigate\r\n"
    assert [ask(live, "GET", path, link)[0] for path in ("/", "/docs", "/_mock/journal")] == [200, 200, 403]
    embedded = b"sec-fetch-site: cross-site\r\nsec-fetch-mode: no-cors\r\n"
    assert [ask(live, "GET", path, embedded)[0] for path in ("/docs", "/openapi.json")] == [403, 403]


def test_a_foreign_name_is_refused_with_what_to_do(live):
    """The message names the flag; of a rebound name nothing is read."""
    message = b"GET /_mock/journal HTTP/1.1\r\nhost: mock.company.example:8000\r\n\r\n"
    status, _, content = live.send(message)[0]
    assert (status, content) == (
        403,
        (
            b'{"errors":[{"field":"host","problem":"unknown name \'mock.company.example\'; use 127.0.0.1 or localhost,'
            b' or start the server with --allow-host mock.company.example"}]}'
        ),
    )


@pytest.mark.parametrize(
    ("told", "names", "host", "known"),
    [
        ("127.0.0.1", (), "192.168.1.7", False),
        ("192.168.1.7", (), "192.168.1.7", True),
        ("192.168.1.7", (), "192.168.1.8", False),
        ("0.0.0.0", (), "192.168.1.8", True),
        ("", (), "192.168.1.8", True),
        ("::", (), "[2001:db8::1]", True),
        ("0.0.0.0", (), "evil.example", False),
        ("mybox.lan", (), "mybox.lan", True),
        ("mybox.lan", (), "other.lan", False),
        ("127.0.0.1", ("Emoji-Mock",), "emoji-mock", True),
        ("127.0.0.1", ("company.example",), "mock.company.example", False),
    ],
)
def test_known_hosts_are_the_address_and_the_allowed_names(told, names, host, known):
    """Of a server that listens on all addresses, every address is known, and no name."""
    hosts = KnownHosts.of_listener(told, names)
    found = find_refusal("/_mock/journal", "GET", [(b"host", host.encode())], told, hosts)
    assert (found is None) is known
