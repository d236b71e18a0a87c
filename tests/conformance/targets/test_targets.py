"""Targets: which key and which cases each one gets, and the messages for those that cannot be used."""

import socket
import threading
from contextlib import suppress

import pytest

from emoji_mock.conformance.cases import CASES
from emoji_mock.conformance.targets.fake import FakeTarget
from emoji_mock.conformance.targets.selection import is_live, parse_pictures, target_for
from emoji_mock.conformance.targets.server import ServerTarget
from emoji_mock.conformance.targets.target import NoAnswerError, TargetError
from emoji_mock.contract.exchange import Request

BY_NAME = {case.name: case for case in CASES}
REAL = "sk-0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("text", "key", "problem"),
    [
        ("nonsense", "", "the target must be fake, live, or a URL such as http://127.0.0.1:8000"),
        ("ftp://example.com", "", "the target must be fake"),
        ("http://", "", "the target must be fake"),
        ("http://user:secret@example.com", "", "without user and query"),
        ("http://example.com/?a=1", "", "without user and query"),
        ("http://example.com:99999", "", "the target must be a URL such as"),
        ("http://[::1", "", "the target must be a URL such as"),
        ("http://example.com", REAL, "a real key is not sent over plain http to example.com; use https"),
        ("http://127.0.0.1.example.com", REAL, "a real key is not sent over plain http"),
        ("http://dashscope.aliyuncs.com", REAL, "a real key is not sent over plain http"),
        ("https://example.com", "sk-\n", "the key must have visible ASCII characters only"),
        ("live", "", "the live service needs a key; set DASHSCOPE_API_KEY"),
        ("https://dashscope.aliyuncs.com/api/v1", "", "the live service needs a key"),
        ("live", "sk-mock-me", "must be a real one, not sk-mock-…"),
    ],
)
def test_an_unusable_target_is_reported(monkeypatch, text, key, problem):
    """The message says what is wrong and what to do, and does not contain the key."""
    monkeypatch.delenv("DASHSCOPE_API_KEY", raising=False)
    with pytest.raises(TargetError) as caught:
        target_for(text, key=key)
    assert problem in str(caught.value)
    assert REAL not in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "live"),
    [
        ("fake", False),
        ("live", True),
        ("http://127.0.0.1:8000", False),
        ("https://DashScope.aliyuncs.com", True),
        ("https://dashscope.aliyuncs.com./api/v1/", True),
        ("https://abc.cn-beijing.maas.aliyuncs.com", True),
        ("https://dashscope.aliyuncs.com.example.com", False),
    ],
)
def test_the_vendors_hosts_are_the_live_service(monkeypatch, text, live):
    """A host of the vendor's is recognised in any spelling, since a call may cost money."""
    monkeypatch.setenv("DASHSCOPE_API_KEY", REAL)
    assert is_live(text) is live
    target = target_for(text)
    assert target.live is live
    target.close()


def test_a_mock_server_gets_a_mock_key_even_if_the_environment_has_a_real_one(monkeypatch):
    """The key of the environment is used for the live service only."""
    monkeypatch.setenv("DASHSCOPE_API_KEY", REAL)
    target = ServerTarget("http://127.0.0.1:9")
    assert target.bind(BY_NAME["passed/as-documented"]).key == "sk-mock-conformance"
    assert REAL not in str(target.secrets)
    target.close()


def test_a_real_key_may_go_to_loopback_and_over_tls():
    """Loopback and TLS keep a key secret."""
    for url in ("http://127.0.0.1:9", "http://localhost:9", "http://[::1]:9", "https://example.com"):
        target = ServerTarget(url, key=REAL)
        assert target.secrets == {REAL: "<key>"}
        target.close()


def test_a_target_with_a_real_key_is_live():
    """Any server that takes a real key, on loopback too, may be a proxy of the vendor's."""
    for url in ("https://proxy.example.com", "http://127.0.0.1:9", "http://localhost:9"):
        for key, live in ((REAL, True), ("sk-mock-a", False), ("", False)):
            target = ServerTarget(url, key=key)
            assert target.live is live
            target.close()


def test_a_real_key_for_loopback_is_not_sent_through_a_proxy(monkeypatch):
    """A proxy of the environment could read the key."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    target = ServerTarget(f"http://127.0.0.1:{port}", key=REAL)
    with pytest.raises(TargetError, match=f"no connection to http://127.0.0.1:{port}"):
        target.send(Request("GET", "/"))
    target.close()


def test_a_case_that_creates_or_lists_tasks_has_its_own_account():
    """Tasks of an earlier run must not appear in the list."""
    target = ServerTarget("http://127.0.0.1:9")
    for name in ("task/pending", "list/page", "list/without-a-query", "list/of-two"):
        assert target.bind(BY_NAME[name]).key.endswith(name.replace("/", "-"))
    assert target.bind(BY_NAME["task/unknown"]).key == "sk-mock-conformance"
    target.close()


def test_a_live_service_gets_only_cases_that_apply_to_it():
    """Magic URLs and reserved keys apply to a fake only; the caller provides the pictures."""
    target = ServerTarget("https://dashscope.aliyuncs.com", key=REAL, pictures={"passed": "https://example.com/me.png"})
    assert target.bind(BY_NAME["account/arrears"]) == "applies to a fake only"
    assert target.bind(BY_NAME["failed/InvalidFile.FacePose"]) == "needs a picture: --picture FacePose=URL"
    assert target.bind(BY_NAME["passed/as-documented"]).picture == "https://example.com/me.png"
    bindings = target.bind(BY_NAME["auth/bad-key"])
    assert (bindings.key, bindings.bad_key) == (REAL, "sk-00000000000000000000000000000000")
    assert FakeTarget().bind(BY_NAME["account/arrears"]).picture == ""
    target.close()


def test_pictures_are_named_by_their_outcome():
    """Short forms of codes are accepted; other words are refused."""
    assert parse_pictures(["passed=https://a/b", "FacePose=oss://c/d?x=y"]) == {
        "passed": "https://a/b",
        "InvalidFile.FacePose": "oss://c/d?x=y",
    }
    for words in (["passed"], ["passed=me.png"], ["=https://a/b"], ["FacePoze=https://a/b"]):
        with pytest.raises(ValueError, match=r"."):
            parse_pictures(words)


def test_a_refused_connection_is_reported():
    """The error is marked as unreachable, unlike a usage error."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    target = ServerTarget(f"http://127.0.0.1:{port}")
    with pytest.raises(TargetError, match="no connection to") as caught:
        target.send(Request("GET", "/"))
    assert caught.value.unreachable
    target.close()


@pytest.mark.parametrize(
    "answer",
    [b"", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort", b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_100_000],
    ids=["nothing", "garbage", "truncated", "endless"],
)  # fmt: skip
def test_a_broken_answer_is_reported(answer):
    """An empty, malformed, truncated or endless answer raises NoAnswerError."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def once():
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                with suppress(OSError):
                    connection.sendall(answer)

        thread = threading.Thread(target=once, daemon=True)
        thread.start()
        target = ServerTarget(f"http://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(NoAnswerError):
            target.send(Request("GET", "/"))
        target.close()
        thread.join(5)


@pytest.mark.slow
def test_requests_are_sent_unchanged(live):
    """Over a socket every case gets the same answer as in the process: no added header changes it."""
    from emoji_mock.conformance.judge.result import Assessment
    from emoji_mock.conformance.runner import Runner

    for url in (live.url, f"{live.url}/", f"{live.url}/api/v1", f"{live.url}/api/v1/"):
        target = ServerTarget(url)
        report = Runner(target).run(CASES[:25])
        assert [one for one in report.results if one.assessment is not Assessment.CONFORMS] == []
        target.close()


def test_without_httpx2_the_message_contains_the_install_command(monkeypatch):
    """The message for a missing library contains the command that installs it."""
    import sys

    monkeypatch.setitem(sys.modules, "httpx2", None)
    monkeypatch.delitem(sys.modules, "emoji_mock.conformance.targets.wire", raising=False)
    with pytest.raises(TargetError, match=r"pip install 'emoji-mock\[client\]'"):
        ServerTarget("http://127.0.0.1:9")


@pytest.mark.parametrize("drip", [b"HTTP/1.1 100 Continue\r\n\r\n", b"a"], ids=["100", "status line"])
def test_an_answer_that_never_begins_ends_in_time(monkeypatch, drip):
    """Each byte comes in time, but the answer does not."""
    monkeypatch.setattr("emoji_mock.conformance.targets.wire.SECONDS", 0.5)
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                connection.recv(65_536)
                while not over.wait(0.02):
                    connection.sendall(drip)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        target = ServerTarget(f"http://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(NoAnswerError, match="the answer takes more than"):
            target.send(Request("GET", "/", (("host", "a"),)))
        over.set()
        thread.join(5)


def test_the_name_and_the_errors_of_a_target_hold_no_key():
    """A key in the address, too, is shown nowhere."""
    target = ServerTarget(f"http://127.0.0.1:1/{REAL}", key=REAL)
    assert target.name == "the live service (127.0.0.1)"
    with pytest.raises(TargetError) as caught:
        target.send(Request("GET", "/"))
    assert REAL not in str(caught.value)
