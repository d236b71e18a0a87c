"""The server on a real socket: whatever is sent, the vendor's answers come back, the same by both ways through it."""

import asyncio
import json
import threading
import time
from contextlib import suppress

import pytest
from helpers import PATH, body, call, exchange, masked, parse_head, picture, raw_call, read_answer

from emoji_mock.contract.exchange import Request

TIMES = {"date", "req-cost-time", "req-arrive-time", "resp-start-time", "x-envoy-upstream-service-time", "x-request-id"}

EXCHANGES = {
    "passed": raw_call(),
    "failed": raw_call(body("https://emoji-mock.test/failed/FacePose.png")),
    "throttled": raw_call(key="sk-mock-throttled"),
    "no key": raw_call(authorization=None),
    "bad body": raw_call(b"{"),
    "not UTF-8": raw_call(b"\xff\xfe"),
    "deep": raw_call(b"[" * 9_000),
    "unknown path": raw_call(target="/api/v1/nothing"),
    "GET": raw_call(b"", method="GET"),
    "OPTIONS": raw_call(b"", method="OPTIONS"),
    "with a query": raw_call(target=PATH + "?x=%00"),
    "NUL in the path": raw_call(target=PATH + "%00"),
    "a bad escape": raw_call(target=PATH + "%zz"),
    "without the prefix": raw_call(target="/services/aigc/image2video/face-detect"),
    "with a slash": raw_call(target=PATH + "/"),
    "absolute form": raw_call(target="http://dashscope.aliyuncs.com" + PATH),
    "another region": raw_call(target="http://dashscope-intl.aliyuncs.com" + PATH),
    "OPTIONS *": raw_call(b"", method="OPTIONS", target="*"),
    "two keys": raw_call().replace(b"authorization:", b"authorization: Bearer sk-other\r\nauthorization:", 1),
    "a header in Latin-1": raw_call(x_name="\xe9"),
    "the vendor's own root": raw_call(b"", method="GET", target="/"),
    "our pages under the vendor's name": raw_call(b"", method="GET", target="http://dashscope.aliyuncs.com/docs"),
    "docs of the vendor": raw_call(b"", method="GET", target="/docs/"),
}


def essence(answer):
    """Return what every way must have in common: status, headers without times, masked body."""
    status, headers, content = answer
    kept = {name: value for name, value in headers.items() if name not in TIMES}
    return status, kept, masked(content.decode())


@pytest.mark.parametrize("message", EXCHANGES.values(), ids=EXCHANGES)
def test_the_shortcut_and_the_asgi_application_answer_the_same(live, message):
    """`Connection: close` goes through ASGI; status, headers and bytes are those of the shortcut."""
    short, long = live.send(message)[0], live.send(message.replace(b"\r\n", b"\r\nconnection: close\r\n", 1))[0]
    assert long[1].pop("connection") == "close"
    assert essence(short) == essence(long)
    assert live.fake.store.journal().total == 2


# Alone, it is asked for its own pages only.
ALONE = {name: message for name, message in EXCHANGES.items() if "own root" not in name and "our pages" not in name}


@pytest.mark.parametrize("message", ALONE.values(), ids=ALONE)
def test_the_fastapi_application_alone_answers_the_same(live, message):
    """There too the fake answers the vendor's routes, and what FastAPI would refuse."""
    from emoji_mock.server.app import Front
    from emoji_mock.server.openapi.manual import create_app

    sent = parse(message)
    status, headers, content = drive(create_app(live.fake, Front(live.fake).vendor, asyncio.Event()), sent)
    assert essence((status, headers, content)) == essence(live.send(message)[0])


def parse(message):
    """Return a raw message as a Request."""
    head, _, content = message.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    return Request(method, target, tuple(tuple(line.split(": ", 1)) for line in lines), content)


def drive(app, request):
    """Send one request to an ASGI application and return its answer."""
    import asyncio
    from urllib.parse import unquote

    path, _, query = request.target.partition("?")
    if "://" in path:
        path = "/" + path.split("/", 3)[3]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": request.method, "scheme": "http",
        "path": unquote(path), "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.headers],
        "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1),
    }  # fmt: skip
    if "://" in request.target:
        host = request.target.split("/")[2].encode()
        scope["headers"] = [(name, host if name == b"host" else value) for name, value in scope["headers"]]
    sent = []

    async def receive():
        return {"type": "http.request", "body": request.body}

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])


def test_head_has_the_headers_and_no_body(live):
    """The answer to HEAD has the length of the body for GET, and no body."""
    answer = exchange(live.address, raw_call(b"", method="HEAD", connection="close"))
    head, _, rest = answer.partition(b"\r\n\r\n")
    status, headers = parse_head(head)
    assert (status, rest) == (400, b"")
    assert int(headers["content-length"]) > 50


def test_chunked_bodies_are_read(live):
    """A chunked body is joined."""
    content = body()
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (content[:7], content[7:])) + b"0\r\n\r\n"
    (answer,) = live.send(raw_call(b"", transfer_encoding="chunked") + chunks)
    assert answer[0] == 200
    assert b"bbox_face" in answer[2]


def test_a_client_that_expects_100_gets_it(live):
    """`Expect: 100-continue` gets an interim response before the body is sent, as curl expects."""
    head, _, content = raw_call(expect="100-continue").partition(b"\r\n\r\n")
    with live.connect() as connection:
        connection.sendall(head + b"\r\n\r\n")
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(content)
        assert read_answer(connection)[0] == 200


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
def test_a_body_of_7_mib_is_too_large(live, chunked):
    """The answer is the vendor's, with a content length and with chunks."""
    content = b"x" * (7 * 1024 * 1024)
    if chunked:
        message = raw_call(b"", transfer_encoding="chunked") + b"%x\r\n%s\r\n0\r\n\r\n" % (len(content), content)
    else:
        message = raw_call(content)
    (answer,) = live.send(message)
    assert answer[0] == 400
    assert json.loads(answer[2])["message"] == "Exceeded limit on max bytes to request body : 6291456"


def test_a_picture_in_the_body_is_inspected(live):
    """A `data:` URL of a real picture passes with boxes inside it; a broken one gets its code."""
    from base64 import b64encode

    good = b64encode(picture("JPEG", (400, 3000), quality=95)).decode()
    bad = b64encode(picture("PNG", (2000, 2000))[:-500]).decode()
    passed, broken = live.send(*(raw_call(body(f"data:image/png;base64,{data}")) for data in (good, bad)))
    assert max(json.loads(passed[2])["output"]["ext_bbox_face"][::2]) <= 400
    assert json.loads(broken[2])["message"] == "Failed to decode the image during the data inspection."


BROKEN = {
    "noise": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "an unknown method": b"FETCH / HTTP/1.1\r\nhost: x\r\n\r\n",
    "two lengths": raw_call(content_length="5").replace(b"\r\n", b"\r\ncontent-length: 6\r\n", 1),
    "length and chunks": raw_call(content_length="5", transfer_encoding="chunked"),
    "a length that is none": raw_call(content_length="x"),
    "a space before the colon": raw_call().replace(b"host:", b"host :", 1),
    "a NUL in a header": raw_call(x="a\0b"),
    "a folded header": raw_call().replace(b"host: ", b"host: x\r\n y: ", 1),
    "a bad chunk": raw_call(b"", transfer_encoding="chunked") + b"zz\r\n",
    "an endless head": b"POST / HTTP/1.1\r\n" + b"x: y\r\n" * 60_000,
    "an endless line": b"GET /" + b"a" * 400_000,
}


@pytest.mark.parametrize("message", BROKEN.values(), ids=BROKEN)
def test_bytes_that_are_not_http_get_the_vendors_error_and_a_closed_connection(live, message):
    """Smuggling, noise and endless heads are refused, and no rest is read as a second request."""
    answer = exchange(live.address, message, timeout=3)
    head, _, content = answer.partition(b"\r\n\r\n")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert parse_head(head)[0] == 400
    assert parse_head(head)[1]["connection"] == "close"
    assert json.loads(content)["code"] == "InvalidParameter"


def test_an_upgrade_is_not_taken(live):
    """A WebSocket handshake is answered like any call to an unknown path."""
    message = raw_call(b"", method="GET", target="/ws", connection="Upgrade", upgrade="websocket")
    assert exchange(live.address, message, timeout=2).startswith(b"HTTP/1.1 404 ")


def test_pipelined_calls_are_answered_in_order(live):
    """Twenty calls sent at once, alternately by the shortcut and ASGI, get twenty answers in order."""
    names = ["FacePose", "Value"]
    messages = [
        raw_call(body(f"https://emoji-mock.test/failed/{names[number % 2]}.png", pad=" " * (number % 3 * 6000)))
        for number in range(20)
    ]
    with live.connect() as connection:
        connection.sendall(b"".join(messages))
        data = b""
        while part := connection.recv(65_536):
            data += part
            if data.count(b"HTTP/1.1 ") == 20 and data.endswith(b"}"):
                break
    codes = [part.split(b'"code":"InvalidFile.')[1].split(b'"')[0].decode() for part in data.split(b"HTTP/1.1 ")[1:]]
    assert codes == names * 10


@pytest.mark.slow
def test_an_incomplete_request_does_not_delay_others(live):
    """While incomplete requests of every kind are open, a complete one is answered."""
    half = [raw_call()[:-5], raw_call()[:40], raw_call(b"", transfer_encoding="chunked") + b"5\r\nab", b""]
    stuck = [live.connect() for _ in range(40)]
    for number, connection in enumerate(stuck):
        connection.sendall(half[number % 4])
    assert live.send(raw_call())[0][0] == 200
    for connection in stuck:
        connection.close()


@pytest.mark.slow
def test_a_thousand_connections_at_once_are_served(live):
    """Each of a thousand open connections gets its answer."""
    connections = [live.connect(timeout=30) for _ in range(1000)]
    try:
        for connection in connections:
            connection.sendall(raw_call())
        assert {read_answer(connection)[0] for connection in connections} == {200}
    finally:
        for connection in connections:
            connection.close()
    assert live.fake.store.ledgers()["test"].passed == 1000


def test_a_silent_connection_is_closed(live, monkeypatch):
    """After the idle time a connection that sent nothing, or half a request, is closed."""
    from emoji_mock.server.protocols import connection as watching

    monkeypatch.setattr(watching, "IDLE_SECONDS", 0.05)
    for start in (b"", raw_call()[:-5], raw_call()):
        with live.connect(timeout=5) as connection:
            connection.sendall(start)
            began = time.monotonic()
            while connection.recv(65_536):
                pass
            assert time.monotonic() - began < 4


def test_an_error_in_the_fake_is_answered_with_the_vendors_error(live, monkeypatch, caplog):
    """If the fake raises, the caller gets InternalError and the log has the traceback."""

    def broken(_):
        raise RuntimeError("oops")

    monkeypatch.setattr(live.fake, "answer", broken)
    for message in (raw_call(), raw_call(connection="close")):
        status, _, content = live.send(message)[0]
        assert status == 500
        assert json.loads(content)["code"] == "InternalError"
    assert "oops" in caplog.text


def test_callers_in_threads_are_all_journaled(live):
    """The journal has every exchange of sixteen clients on their own sockets."""

    def work():
        live.send(*[raw_call()] * 25)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert live.fake.store.journal(limit=1).total == 400


def test_the_application_serves_any_asgi_client(fake):
    """`Front` is a plain ASGI application; a call through it gets the fake's own answer."""
    from emoji_mock.server.app import Front

    status, _, content = drive(Front(fake), call())
    assert (status, b"bbox_face" in content) == (200, True)


@pytest.mark.parametrize("extra", [b"", b"connection: close\r\n"], ids=["shortcut", "ASGI"])
@pytest.mark.parametrize(
    ("target", "status"),
    [
        (PATH + "?" + "a" * 50_000, 200),
        ("/" + "a" * 50_000, 404),
        (PATH + "#frag", 404),
        ("http://x", 403),
        ("http://localhost/_mock/health", 405),
        ("http:///x", 404),
        ("http://x:99999" + PATH, 200),
        ("http://x/docs", 403),
        ("http://localhost", 405),
        ("/%64ocs", 404),
        ("/%5fmock/health", 404),
        ("/docs/", 404),
        ("/_mockery", 404),
    ],
    ids=lambda value: str(value)[:20],
)
def test_odd_targets_are_read_the_same_by_both_ways(live, target, status, extra):
    """The fake gets the raw target; only the exact paths of our own pages are ours."""
    message = raw_call(target=target).replace(b"\r\n", b"\r\n" + extra, 1)
    assert live.send(message)[0][0] == status


@pytest.mark.parametrize("name", ["upgrade", "uPgRaDe"])
@pytest.mark.parametrize("split", [False, True], ids=["at once", "in parts"])
def test_an_offer_of_http2_is_ignored_and_the_body_is_read(live, split, name):
    """The body is read although an Upgrade header offers h2c, as Java's HttpClient does with every first request."""
    offer = {"connection": "Upgrade, HTTP2-Settings", name: "h2c", "http2_settings": "AAMAAABkAAQCAAAAAAIAAAAA"}
    head, mark, content = raw_call(**offer).partition(b"\r\n\r\n")
    with live.connect() as connection:
        connection.sendall(head + mark + (b"" if split else content))
        if split:
            connection.sendall(content)
        assert read_answer(connection)[0] == 200
        connection.sendall(raw_call())
        assert read_answer(connection)[0] == 200


def test_trailers_are_not_headers(live):
    """An Authorization trailer is not a key."""
    message = (
        raw_call(b"", transfer_encoding="chunked", authorization=None) + b"0\r\nAuthorization: Bearer sk-mock-t\r\n\r\n"
    )
    assert live.send(message)[0][0] == 401


def test_a_call_before_junk_is_answered(live):
    """The call is answered, then the junk is refused."""
    for message in (raw_call(), raw_call(b"", transfer_encoding="chunked") + b"0\r\n\r\n"):
        answers = exchange(live.address, message + b"JUNK\r\n\r\n", timeout=3)
        first, second = answers.split(b"HTTP/1.1 ")[1:]
        assert b"connection: close" not in first
        assert second.startswith(b"400 ")
        assert b"connection: close" in second


def test_a_body_that_takes_too_long_gets_the_vendors_timeout(live, monkeypatch):
    """A client that does not finish a chunked body gets RequestTimeOut."""
    from emoji_mock.server import app as app_module

    monkeypatch.setattr(app_module, "BODY_SECONDS", 0.05)
    answer = exchange(live.address, raw_call(b"", transfer_encoding="chunked") + b"1\r\n{\r\n", timeout=5)
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b'"code":"RequestTimeOut"' in answer


def test_the_memory_of_bodies_is_bounded(live, monkeypatch):
    """Beyond the bound callers get the overload error; afterwards the server answers again."""
    from emoji_mock.server import bodies

    monkeypatch.setattr(bodies, "HELD_BYTES", 100_000)
    answers = live.send(raw_call(b" " * 200_000))
    assert answers[0][0] == 503
    assert json.loads(answers[0][2])["code"] == "ModelServingError"
    assert live.send(raw_call(b" " * 50_000))[0][0] == 400


LOOKED_AT = {
    "data:": raw_call(body("data:,x")),
    "DATA:": raw_call(body("DATA:,x")),
    "escaped": raw_call(body("data:,x").replace(b"data:", rb"\u0064ata:")),
    "by ASGI": raw_call(body("data:,x"), connection="close"),
    "an upload": raw_call(b"--x\r\nContent-Disposition: form-data; name=file", target="/dashscope-file-mgr"),
    "a video": raw_call(b"", method="GET", target="/dashscope-result-bj/1d/x%2Emp4"),
    "at the host of videos": raw_call(b"", method="GET", target="/x").replace(
        b"host: dashscope.aliyuncs.com", b"host: Dashscope-Result-bj.oss-cn-beijing.aliyuncs.com"
    ),
}


@pytest.mark.parametrize("message", LOOKED_AT.values(), ids=LOOKED_AT)
def test_a_thread_inspects_pictures_and_makes_videos(live, monkeypatch, message):
    """Calls with a picture or for a video are answered in a thread; an ordinary call in the event loop."""
    threads, answer = [], live.fake.answer
    monkeypatch.setattr(live.fake, "answer", lambda request: threads.append(threading.get_ident()) or answer(request))
    live.send(raw_call())
    live.send(message)
    assert len(threads) == 2
    assert threads[0] != threads[1]


def test_a_client_that_does_not_read_is_closed(live, monkeypatch):
    """It is closed when it has read nothing for the idle time, and its pending calls are dropped."""
    import socket

    from emoji_mock.server.protocols import connection as watching

    monkeypatch.setattr(watching, "IDLE_SECONDS", 0.2)
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(1)
        client.connect(live.address)
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            _flood(client)


def _flood(client):
    """Send calls for some seconds, as fast as the server reads them."""
    over = time.monotonic() + 20
    while time.monotonic() < over:
        with suppress(TimeoutError):
            client.send(raw_call() * 20)
