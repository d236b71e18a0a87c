"""Tests of finding key and base URL, of which may go together, and that a key is never shown."""

import copy
import logging
import pickle
import socket
import traceback
import warnings
from pathlib import Path

import anyio
import pytest
from client_helpers import PASSED, URL, refused

import emoji_mock
from emoji_mock._support import active_fakes
from emoji_mock.client import (
    ApiKeyError,
    AsyncEmojiDetect,
    CallLimits,
    EmojiDetect,
    EmojiError,
    MockTargetWarning,
    RequestError,
)
from emoji_mock.client.api_keys import Key, resolve_api_key
from emoji_mock.client.base_url import resolve_base_url

REAL = "sk-0123456789abcdef0123456789abcdef"
KINDS = [EmojiDetect, AsyncEmojiDetect]


def key_of(**settings):
    """Return the Authorization header of the key that is found."""
    return resolve_api_key(settings.pop("given", None), settings).header()


def test_the_key_is_found_in_order(tmp_path):
    """Argument, DASHSCOPE_API_KEY, the file named by DASHSCOPE_API_KEY_FILE_PATH, ~/.dashscope/api_key: as the SDK does."""
    named, home = tmp_path / "named", tmp_path / ".dashscope" / "api_key"
    home.parent.mkdir()
    home.write_text("sk-home\n")
    named.write_text("  sk-file \n")
    assert key_of() == "Bearer sk-home"
    assert key_of(DASHSCOPE_API_KEY_FILE_PATH=str(named)) == "Bearer sk-file"
    assert key_of(DASHSCOPE_API_KEY_FILE_PATH=str(named), DASHSCOPE_API_KEY="sk-env") == "Bearer sk-env"
    assert key_of(DASHSCOPE_API_KEY="sk-env", given="sk-given") == "Bearer sk-given"


def test_a_missing_key_names_every_place():
    """The message names every place, and a key that works with the fake."""
    with pytest.raises(ApiKeyError, match=r"no API key; pass api_key=…, set DASHSCOPE_API_KEY, .*sk-mock-me"):
        resolve_api_key(None, {})


def test_a_named_key_file_must_exist(tmp_path):
    """A missing one is an error, not ignored."""
    with pytest.raises(ApiKeyError, match=r"cannot read the API key from .*missing: No such file"):
        resolve_api_key(None, {"DASHSCOPE_API_KEY_FILE_PATH": str(tmp_path / "missing")})


@pytest.mark.parametrize("bad", ["", "  ", "sk-a b", "sk-a\r\nX-Evil: 1", "sk-ключ", "sk-\x00", "s" * 5000])
def test_an_invalid_key_is_refused_without_showing_it(bad):
    """Nothing that would break a header is accepted, and the message does not repeat it."""
    with pytest.raises(ApiKeyError) as caught:
        Key(bad)
    assert not bad.strip() or bad not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "environment", "address"),
    [
        (None, {}, "https://dashscope.aliyuncs.com/api/v1"),
        (None, {"DASHSCOPE_BASE_URL": "http://127.0.0.1:8000"}, "http://127.0.0.1:8000/api/v1"),
        (None, {"DASHSCOPE_BASE_URL": "http://127.0.0.1:8000/api/v1/"}, "http://127.0.0.1:8000/api/v1"),
        (None, {"DASHSCOPE_HTTP_BASE_URL": "http://a/api/v1", "DASHSCOPE_BASE_URL": "http://b"}, "http://a/api/v1"),
        ("https://x.example/proxy/", {"DASHSCOPE_HTTP_BASE_URL": "http://a/api/v1"}, "https://x.example/proxy/api/v1"),
        (" https://[::1]:9 ", {}, "https://[::1]:9/api/v1"),
    ],
)
def test_the_base_url_is_found_in_order(given, environment, address):
    """Argument, DASHSCOPE_HTTP_BASE_URL, DASHSCOPE_BASE_URL, the vendor; with or without /api/v1."""
    assert resolve_base_url(given, environment) == address


@pytest.mark.parametrize(
    "bad",
    [
        "dashscope.aliyuncs.com",
        "ftp://a",
        "http://",
        "http://u:p@a",
        "http://a?b",
        "http://a#b",
        "http://a b",
        "http://[::",
        "http://a:99999",
        "http://a\n",
    ],
)
def test_an_invalid_base_url_is_refused(bad):
    """The message gives an example, and does not repeat the value, which may hold a password."""
    with pytest.raises(RequestError, match=r"base_url must be a base URL such as https://dashscope.aliyuncs.com"):
        resolve_base_url(bad if bad != "http://a\n" else "http://a\nb", {})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "address", ["http://dashscope.aliyuncs.com", "http://192.168.1.7:8000", "http://127.0.0.1.evil.test"]
)
def test_no_real_key_over_plain_http(kind, address):
    """Plain http is allowed for loopback only."""
    with pytest.raises(ApiKeyError, match=r"the API key would be sent unencrypted to .*; use https"):
        kind(REAL, base_url=address)


def test_a_mock_key_is_not_secret():
    """The fake may run in another container, reached over plain http."""
    with EmojiDetect("sk-mock-me", base_url="http://emoji-mock:8000") as client:
        assert client.base_url == "http://emoji-mock:8000/api/v1"


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:8000", "http://127.9.9.9", "http://localhost:1", "http://[::1]:8", "http://a.localhost"],
)
def test_a_real_key_to_a_mock_warns(address):
    """It is sent with a warning; a mock key causes none."""
    with pytest.warns(MockTargetWarning, match=r"a key that looks real is sent to http://.*sk-mock-<name> works there"):
        EmojiDetect(REAL, base_url=address)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        EmojiDetect("sk-mock-me", base_url=address)


def test_the_warning_names_the_line_of_the_caller():
    """The warning points to the caller's code."""
    with pytest.warns(MockTargetWarning) as caught:
        EmojiDetect(REAL, base_url="http://127.0.0.1:8000")
    assert caught[0].filename == __file__


def test_a_mock_key_is_not_sent_to_the_vendor(way):
    """It is refused before anything is sent, with our own client and with one of the caller's."""
    import contextlib

    clients = [way(client=way.own(verify=False)), way(transport=None), way(transport=_network(way))]
    for client in clients:
        with pytest.raises(
            ApiKeyError, match=r"a sk-mock-… key is for the fake, but dashscope.aliyuncs.com is the real vendor"
        ):
            client.detect(URL)
        with contextlib.suppress(AttributeError):
            client.close()


def _network(way):
    library = way.library
    return library.AsyncHTTPTransport(verify=False) if way.is_async else library.HTTPTransport(verify=False)


def test_a_mock_key_is_allowed_while_a_fake_intercepts(way):
    """Under `intercept` and a respx router, which may begin after the client was made; afterwards it is refused again."""
    client = way(client=way.own(verify=False))
    for entered in (emoji_mock.intercept(emoji_mock.Fake()), emoji_mock.router()):
        with entered:
            assert client.detect(URL).passed
        assert not active_fakes.is_active()
        with pytest.raises(ApiKeyError):
            client.detect(URL)


def test_a_mock_key_is_allowed_with_a_mock_transport(way):
    """A client over a MockTransport, also one mounted for the vendor's hosts alone, sends nothing to the network."""
    answering = way.library.MockTransport(lambda _: way.library.Response(200, content=PASSED))
    for theirs in (way.own(transport=answering), way.own(verify=False, mounts={"all://*.aliyuncs.com": answering})):
        assert way(client=theirs).detect(URL).passed


def test_the_private_name_of_a_clients_transport(way):
    """Neither library has a public one. Without it mock keys would still be refused, and this test fails."""
    answering = way.library.MockTransport(lambda _: None)
    assert way.own(transport=answering)._transport_for_url(way.library.URL(URL)) is answering


class TestNeverShown:
    """The key is in nothing that could be printed, logged or stored."""

    @pytest.mark.parametrize("kind", KINDS)
    def test_not_in_repr(self, kind):
        """The client and everything it holds show a fingerprint."""
        client = kind(REAL)
        shown = f"{client!r} {client} {vars(client)} {client._key!r} {client._key}"
        assert REAL not in shown
        assert "Key(" in shown

    def test_not_in_pickles_or_copies(self):
        """Neither the key nor a client can be pickled; the message says what to do."""
        key = Key(REAL)
        for spoil in (pickle.dumps, copy.deepcopy):
            with pytest.raises(
                TypeError, match="an API key cannot be pickled; set DASHSCOPE_API_KEY in the other process"
            ):
                spoil(key)
        with pytest.raises(TypeError):
            pickle.dumps(EmojiDetect(REAL))

    @pytest.mark.parametrize(
        "answer",
        [(401, refused("InvalidApiKey", f"bad {REAL}")), (500, REAL.encode()), "ReadTimeout", (200, REAL.encode())],
        ids=str,
    )
    def test_not_in_logs_or_errors(self, way, answer, caplog):
        """Not even if a server echoes it, or everything is logged."""
        caplog.set_level(logging.DEBUG)
        with pytest.raises(EmojiError) as caught:
            way(answer, api_key=REAL).detect(URL)
        shown = (
            "".join(traceback.format_exception(caught.value))
            + repr(caught.value)
            + str(vars(caught.value))
            + caplog.text
        )
        assert REAL not in shown
        assert REAL.encode() not in pickle.dumps(caught.value)

    @pytest.mark.parametrize(
        ("begin", "end"),
        [("\\u0073", ""), ("s", "\\u0066"), ("\\\\u0073", ""), ("\\u0073", "\\u0066")],
    )
    def test_not_when_it_is_echoed_with_escapes(self, way, begin, end):
        """JSON has many spellings of one text, and a JSON string may contain JSON."""
        middle = REAL[1:-1] + (end or REAL[-1])
        body = f'{{"code":"InvalidApiKey","message":"bad {begin}{middle}","request_id":"r"}}'.encode()
        with pytest.raises(EmojiError) as caught:
            way((401, body), api_key=REAL).detect(URL)
        assert caught.value.message == "bad [key]"

    @pytest.mark.parametrize("fault", ["ConnectError", "ReadTimeout", "RemoteProtocolError"])
    def test_not_in_the_cause(self, way, fault):
        """The library's exception refers to its request, from which the key is removed."""
        with pytest.raises(EmojiError) as caught:
            way(fault, api_key=REAL, limits=CallLimits(attempts=1)).detect(URL)
        assert "authorization" not in caught.value.__cause__.request.headers
        assert REAL not in str(caught.value.__cause__.request.headers.raw)

    @pytest.mark.parametrize("kind", KINDS)
    def test_not_in_the_variables_of_a_traceback(self, kind):
        """The library's frames keep lines and names, but no values, which some programs log."""
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        with pytest.warns(MockTargetWarning):
            client = kind(REAL, base_url=f"http://127.0.0.1:{port}", limits=CallLimits(attempts=1))
        with pytest.raises(EmojiError) as caught:
            anyio.run(client.detect, URL) if kind is AsyncEmojiDetect else client.detect(URL)
        frames, cause = [], caught.value.__cause__
        while cause:
            frames += [frame for frame, _ in traceback.walk_tb(cause.__traceback__)]
            cause = cause.__cause__
        theirs = [frame for frame in frames if not frame.f_globals["__name__"].startswith("emoji_mock")]
        assert len(theirs) > 5
        assert [frame.f_locals for frame in theirs if frame.f_locals] == []

    def test_it_is_sent(self, way):
        """The Authorization header holds it."""
        client = way((200, PASSED), api_key=REAL)
        assert client.detect(URL).passed
        assert client.requests[0].headers["authorization"] == f"Bearer {REAL}"


def homeless(_=None):
    """Raise as pathlib does for a user without HOME and without an entry in the password database."""
    raise RuntimeError("Could not determine home directory.")


def test_a_user_without_a_home_has_no_key_there(monkeypatch):
    """The message says how to give a key; an environment variable is enough."""
    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(ApiKeyError, match="no API key; pass api_key="):
        resolve_api_key(None, {})
    assert repr(resolve_api_key(None, {"DASHSCOPE_API_KEY": "sk-mock-me"})) == "Key(5900338618fe)"


def test_a_key_file_in_an_unknown_home_is_reported(monkeypatch):
    """The message names the file and the reason."""
    monkeypatch.setattr(Path, "expanduser", homeless)
    with pytest.raises(ApiKeyError, match="cannot read the API key from ~/key: the home folder of this user is not"):
        resolve_api_key(None, {"DASHSCOPE_API_KEY_FILE_PATH": "~/key"})
