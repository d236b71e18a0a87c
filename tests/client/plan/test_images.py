"""Tests of the pictures that a caller can give, and of the messages about bad ones before anything is sent."""

import os
from pathlib import Path

import pytest
from client_helpers import PASSED
from helpers import picture

from emoji_mock.client import PictureError, RequestError
from emoji_mock.client.image_ref import ImageFile
from emoji_mock.client.plan.images import _SIGNATURES, load_image
from emoji_mock.contract.endpoint import IMAGE_FORMATS

PNG = picture()


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/me.png",
        "http://a/b",
        "HTTPS://A/b?c=d#e",
        "oss://dashscope-instant/a/b.png",
        "https://例子.测试/人.png",
    ],
)
def test_urls_are_unchanged(url):
    """Public URLs and URLs of uploads are returned unchanged."""
    assert load_image(url) == url


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP", "WEBP"])
def test_every_format_that_the_vendor_accepts(tmp_path, kind):
    """As bytes and as a file; the extension follows the content, not the name."""
    content = picture(kind)
    ending = kind.lower()
    for given in (content, bytearray(content), memoryview(content)):
        assert load_image(given) == ImageFile(f"picture.{ending}", content, f"image/{ending}")
    path = tmp_path / "my face (1).txt"
    path.write_bytes(content)
    for given in (path, str(path)):
        assert load_image(given) == ImageFile(f"my-face-1.{ending}", content, f"image/{ending}", path)


def test_the_formats_are_those_of_the_contract():
    """The client accepts exactly the vendor's formats."""
    assert tuple(_SIGNATURES) == IMAGE_FORMATS


@pytest.mark.parametrize("given", [b"", b"GIF89a", b"<html>", picture("GIF"), picture("TIFF")], ids=len)
def test_other_formats_are_refused(given):
    """The message names the formats."""
    with pytest.raises(PictureError, match=r"image bytes: empty, or not in a format that .*\(JPEG, PNG, BMP, WEBP\)"):
        load_image(given)


def test_too_many_bytes_are_refused(tmp_path):
    """10 MB are accepted and a byte more is not; of a larger file no more than that is read."""
    limit = 10 * 1024 * 1024
    exact = PNG + bytes(limit - len(PNG))
    assert len(load_image(exact).content) == limit
    with pytest.raises(PictureError, match="more than 10 MB"):
        load_image(exact + b"x")
    path = tmp_path / "huge.png"
    with path.open("wb") as file:
        file.write(PNG)
        file.truncate(50 * 1024**3)
    with pytest.raises(PictureError, match=r"huge.png': more than 10 MB"):
        load_image(path)


def test_a_file_that_cannot_be_read(tmp_path):
    """A missing file, a directory, a pipe and an impossible name are refused."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, message in (
        ("missing.png", "does not exist"),
        (tmp_path, "is not a regular file"),
        (pipe, "is not a regular file"),
        ("a\0b", "a"),
    ):
        with pytest.raises(PictureError, match=message):
            load_image(path)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("data:image/png;base64,aaaa", "the vendor accepts no `data:` URL; pass the picture's bytes"),
        ("DATA:,x", "the vendor accepts no `data:` URL"),
        ("ftp://a/b.png", "unsupported URL scheme 'ftp'; use http, https or oss"),
        ("file:///a.png", "unsupported URL scheme 'file'"),
        ("https://a/b c", "invalid URL: it has blanks"),
        ("https://a/b\r\nc", "invalid URL: it has blanks"),
        ("https://" + "a" * 9000, "more than 8192"),
        (None, "expected a URL, a path or bytes, got NoneType"),
        (7, "got int"),
    ],
)
def test_invalid_sources_are_refused(bad, message):
    """The message says what would be right."""
    with pytest.raises(RequestError, match=message):
        load_image(bad)


def test_nothing_is_sent_for_a_bad_picture(way):
    """A problem that is known beforehand costs no request."""
    client = way((200, PASSED))
    for bad in (b"GIF89a", Path("missing.png"), "data:,x"):
        with pytest.raises((PictureError, RequestError)) as caught:
            client.detect(bad)
        assert (caught.value.status, caught.value.billed, caught.value.retryable) == (0, False, False)
    assert client.requests == []
