"""What interceptors share: the scheme of a request, and the default fake."""

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
def test_an_unexpected_scheme_makes_the_target_absolute(scheme, host, target):
    """The vendor is expected by https, any other host by http; an absolute target is kept."""
    assert with_scheme(Request("GET", "/x"), scheme, host).target == target
    assert with_scheme(Request("GET", "http://else/x"), scheme, host).target == "http://else/x"


@pytest.mark.parametrize("transport", [httpx_transport, httpx2_transport])
@pytest.mark.parametrize(
    "home", ["https://mock.example", "https://127.0.0.1:8443/api/v1", "http://127.0.0.1:8000", HOME]
)
def test_upload_and_download_use_the_server_that_was_called(tmp_path, transport, home):
    """Upload and download URLs have the host and the scheme of the server that was called."""
    fake = Fake(Options(time_scale=0))
    with EmojiDetect("sk-mock-me", base_url=home, transport=transport(fake)) as client:
        passed = client.detect(picture())
        video = client.wait(client.animate(passed, "mengwa_kaixin"))
        assert client.download(video, tmp_path / "me.mp4").read_bytes()[4:8] == b"ftyp"
    storage = f"{home.removesuffix('/api/v1')}/dashscope-result-bj/"
    assert video.url.startswith(storage) is (home != HOME)


def made_at_once(client):
    """Say whether a task has succeeded at the first query."""
    head = {"authorization": "Bearer sk-mock-me", "x-dashscope-async": "enable"}
    created = client.post(f"{HOME}{VIDEO}", json={"model": "emoji-v1", "input": VIDEO_INPUT}, headers=head).json()
    task = client.get(f"{HOME}/api/v1/tasks/{created['output']['task_id']}", headers=head).json()
    return task["output"]["task_status"] == "SUCCEEDED"


def test_the_default_fake_finishes_videos_at_once():
    """In-process use waits for no video: under interception, behind a transport, behind respx."""
    with emoji_mock.intercept():
        assert made_at_once(httpx.Client())
    with emoji_mock.router():
        assert made_at_once(httpx.Client())
    assert made_at_once(httpx.Client(transport=httpx_transport()))
    assert made_at_once(httpx2.Client(transport=httpx2_transport()))
    assert not made_at_once(httpx.Client(transport=httpx_transport(Fake())))
