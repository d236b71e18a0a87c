"""Tests of downloading a video: from where, what counts as a video, and that the file is complete or not written."""

import pytest
from client_helpers import refused

from emoji_mock.client import EmojiError, RequestError, ServiceError, UnreadableAnswerError, Video
from emoji_mock.client.drivers.base import save_video

HOST = "https://dashscope-result-bj.oss-cn-beijing.aliyuncs.com"
LINK = f"{HOST}/1d/me.mp4?Expires=1&Signature=a%2Fb%3D"
MP4 = b"\0\0\0\x20ftypisom" + b"\0" * 100
KIND = {"content-type": "video/mp4"}
GOOD = (200, MP4, KIND)
GONE = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n  <Code>AccessDenied</Code>\n'
    b"  <Message>Request has expired.</Message>\n  <RequestId>5C3D</RequestId>\n</Error>\n"
)


def test_a_download(way, tmp_path):
    """The link is used unchanged and without the key; the file has default permissions."""
    client = way(GOOD)
    path = client.download(Video(LINK, "x", 2), str(tmp_path / "me.mp4"))
    assert path == tmp_path / "me.mp4"
    assert path.read_bytes() == MP4
    (tmp_path / "other").touch()
    assert path.stat().st_mode == (tmp_path / "other").stat().st_mode
    (tmp_path / "other").unlink()
    (sent,) = client.requests
    assert (sent.method, str(sent.url)) == ("GET", LINK)
    assert "authorization" not in sent.headers
    assert [file.name for file in tmp_path.iterdir()] == ["me.mp4"]


def test_a_key_that_occurs_in_the_video_changes_nothing(way, tmp_path):
    """A response to a request without the key is not redacted."""
    client = way(GOOD, api_key="ftyp")
    assert client.download(Video(LINK, "x"), tmp_path / "me.mp4").read_bytes() == MP4


@pytest.mark.parametrize(
    ("base_url", "link", "expected"),
    [
        ("https://dashscope.aliyuncs.com", LINK.replace("https:", "http:"), LINK),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/dashscope-result-bj/me.mp4?a=b", None),
        ("http://mock:8000", "http://mock:8000/dashscope-result-bj/me.mp4", None),
        ("https://proxy.example.com", LINK, None),
    ],
)
def test_trusted_addresses(way, tmp_path, base_url, link, expected):
    """The service itself, or the vendor's storage over https."""
    client = way(GOOD, base_url=base_url)
    client.download(Video(link, "x"), tmp_path / "me.mp4")
    assert str(client.requests[0].url) == (expected or link)


@pytest.mark.parametrize(
    ("base_url", "link"),
    [
        ("https://dashscope.aliyuncs.com", "https://example.com/me.mp4"),
        ("https://dashscope.aliyuncs.com", "https://aliyuncs.com.example.com/me.mp4"),
        ("https://dashscope.aliyuncs.com", "https://a.aliyuncs.com@example.com/me.mp4"),
        ("https://dashscope.aliyuncs.com", "http://169.254.169.254/latest"),
        ("https://dashscope.aliyuncs.com", "http://127.0.0.1:8000/me.mp4"),
        ("https://dashscope.aliyuncs.com", "file:///etc/passwd"),
        ("https://dashscope.aliyuncs.com", "http://[::1"),
        ("https://dashscope.aliyuncs.com", "me.mp4"),
        ("http://127.0.0.1:8000", LINK),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8001/me.mp4"),
    ],
)
def test_untrusted_addresses(way, tmp_path, base_url, link):
    """Any other host, and the real storage for a client of the fake."""
    client = way(GOOD, base_url=base_url)
    with pytest.raises(UnreadableAnswerError, match="It is not downloaded"):
        client.download(Video(link, "x"), tmp_path / "me.mp4")
    assert client.requests == []


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        ((302, b"", {"location": "https://example.com/me.mp4"}), RequestError, "the video could not be downloaded"),
        ((200, MP4, {"content-type": "text/html"}), UnreadableAnswerError, "not an MP4 file, content-type text/html"),
        ((200, MP4), UnreadableAnswerError, "not an MP4 file, content-type missing"),
        ((200, b"<html>sorry</html>", KIND), UnreadableAnswerError, "not an MP4 file, content-type video/mp4"),
        ((200, b"", KIND), UnreadableAnswerError, "not an MP4 file"),
        (
            (403, GONE, {"content-type": "application/xml"}),
            RequestError,
            "Request has expired. .* expires after 24 hours",
        ),
        ((500, refused("InternalError")), ServiceError, "the video could not be downloaded"),
        ((200, MP4 + bytes(64 * 1024 * 1024), KIND), UnreadableAnswerError, "longer than 67108864 bytes"),
    ],
    ids=["redirect", "page", "no type", "no mp4", "empty", "expired", "broken", "too long"],
)
def test_other_responses_are_refused(way, tmp_path, answer, error, message):
    """Nothing is written, and an existing file stays."""
    path = tmp_path / "me.mp4"
    path.write_bytes(b"before")
    client = way(answer)
    with pytest.raises(error, match=message) as caught:
        client.download(Video(LINK, "x"), path)
    assert isinstance(caught.value, EmojiError)
    assert {request.url.host for request in client.requests} == {HOST.removeprefix("https://")}
    assert path.read_bytes() == b"before"
    assert [file.name for file in tmp_path.iterdir()] == ["me.mp4"]


@pytest.mark.parametrize("first", [(503, b""), "ReadError", "ReadTimeout", "ConnectError"], ids=str)
def test_a_download_is_retried(way, tmp_path, first):
    """It is free."""
    client = way(first, GOOD)
    assert client.download(Video(LINK, "x"), tmp_path / "me.mp4").read_bytes() == MP4


@pytest.mark.parametrize("thing", [None, LINK])
def test_only_a_video_is_accepted(way, tmp_path, thing):
    """Links and tasks are refused."""
    with pytest.raises(RequestError, match="download: must be given the Video that `wait` returned, not"):
        way(GOOD).download(thing, tmp_path / "me.mp4")


def test_the_file_is_complete_or_not_written(tmp_path, monkeypatch):
    """With a full disk the existing file stays, and no part of the new one."""
    path = tmp_path / "me.mp4"
    path.write_bytes(b"before")

    def full(_):
        raise OSError("No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        save_video(path, b"after")
    assert path.read_bytes() == b"before"
    assert [file.name for file in tmp_path.iterdir()] == ["me.mp4"]


def test_a_path_where_no_file_can_be_written(tmp_path):
    """A directory, or a path in a missing directory."""
    with pytest.raises(IsADirectoryError, match=r"is a directory; give a file name, such as '.*me\.mp4'"):
        save_video(tmp_path, b"")
    with pytest.raises(FileNotFoundError):
        save_video(tmp_path / "no" / "me.mp4", b"")
