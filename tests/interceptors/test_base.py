"""What doors have in common: the scheme that a request came by, and the fake of whoever brings none."""

import httpx
import httpx2
import pytest
from helpers import VIDEO, VIDEO_INPUT, picture

import emoji_mock
from emoji_mock import Fake, Options, Request
from emoji_mock.client import EmojiDetect
from emoji_mock.interceptors.base import with_scheme
from emoji_mock.interceptors.httpx import transport as httpx_transport
from emoji_mock.interceptors.httpx2 import transport as httpx2_transport

HOME = "https://dashscope.aliyuncs.com"


@pytest.mark.parametrize(
    ("scheme", "host", "target"),
    [
        ("https", "dashscope.aliyuncs.com", "/x"),
        ("http", "dashscope.aliyuncs.com", "http://dashscope.aliyuncs.com/x"),
        ("https", "mock.example:8443", "https://mock.example:8443/x"),
        ("http", "mock.example", "/x"),
    ],
)
def test_a_strange_scheme_is_told(scheme, host, target):
    """The vendor is known by https, any other host by http; a target that is absolute already stays."""
    assert with_scheme(Request("GET", "/x"), scheme, host).target == target
    assert with_scheme(Request("GET", "http://else/x"), scheme, host).target == "http://else/x"


@pytest.mark.parametrize("transport", [httpx_transport, httpx2_transport])
@pytest.mark.parametrize(
    "home", ["https://mock.example", "https://127.0.0.1:8443/api/v1", "http://127.0.0.1:8000", HOME]
)
def test_the_whole_way_under_any_name(tmp_path, transport, home):
    """Upload and download lead to the server that was asked, by the scheme that it was asked by."""
    fake = Fake(Options(time_scale=0))
    with EmojiDetect("sk-mock-me", base_url=home, transport=transport(fake)) as client:
        passed = client.detect(picture())
        video = client.wait(client.animate(passed, "mengwa_kaixin"))
        assert client.download(video, tmp_path / "me.mp4").read_bytes()[4:8] == b"ftyp"
    storage = f"{home.removesuffix('/api/v1')}/dashscope-result-bj/"
    assert video.url.startswith(storage) is (home != HOME)


def made_at_once(client):
    """Say whether a task is over as soon as it is asked after."""
    head = {"authorization": "Bearer sk-mock-me", "x-dashscope-async": "enable"}
    created = client.post(f"{HOME}{VIDEO}", json={"model": "emoji-v1", "input": VIDEO_INPUT}, headers=head).json()
    told = client.get(f"{HOME}/api/v1/tasks/{created['output']['task_id']}", headers=head).json()
    return told["output"]["task_status"] == "SUCCEEDED"


def test_a_fresh_fake_makes_videos_at_once():
    """Nobody waits minutes in a process of its own: under interception, behind a transport, behind respx."""
    with emoji_mock.intercept():
        assert made_at_once(httpx.Client())
    with emoji_mock.router():
        assert made_at_once(httpx.Client())
    assert made_at_once(httpx.Client(transport=httpx_transport()))
    assert made_at_once(httpx2.Client(transport=httpx2_transport()))
    assert not made_at_once(httpx.Client(transport=httpx_transport(Fake())))
