"""Tests of the pictures that a caller can give, and of the messages about bad ones before anything is sent."""

import os
from pathlib import Path

import pytest
from client_helpers import PASSED
from helpers import picture

from emoji_mock.client import PictureError, RequestError
from emoji_mock.client.image_ref import ImageFile
from emoji_mock.client.plan.images import load_file, load_media, reload_image
from emoji_mock.client.plan.images import load_image as load
from emoji_mock.contract.models import MODELS

PNG = picture()


def load_image(image, model="emoji-detect-v1"):
    """Load a picture for the first of the models."""
    return load(image, model)


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
        ("ftp://a/b.png", "unknown URL scheme 'ftp'; choose from http, https, oss"),
        ("file:///a.png", "unknown URL scheme 'file'"),
        ("https://a/b c", "the URL must have no blanks"),
        ("https://a/b\r\nc", "the URL must have no blanks"),
        ("https://" + "a" * 9000, "at most 8192"),
        (None, "must be a URL, a path or bytes, not NoneType"),
        ("", "must be a URL, a path or bytes, not an empty text"),
        (7, "not int"),
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


@pytest.mark.parametrize(
    ("model", "formats"),
    [
        ("emoji-detect-v1", {"JPEG", "PNG", "BMP", "WEBP"}),
        ("wan2.2-s2v-detect", {"JPEG", "PNG", "BMP", "WEBP"}),
        ("animate-anyone-detect-gen2", {"JPEG", "PNG", "BMP"}),
        ("emo-v1", {"JPEG", "PNG", "BMP"}),
    ],
)
def test_the_formats_are_those_of_the_model(model, formats):
    """The client accepts exactly the formats that the contract states for each model."""
    taken = set()
    for kind in ("JPEG", "PNG", "BMP", "WEBP"):
        try:
            load_image(picture(kind), model)
        except PictureError:
            continue
        taken.add(kind)
    assert taken == formats == {*MODELS[model].pictures.formats}


@pytest.mark.parametrize(
    ("model", "longest", "message"),
    [
        ("liveportrait-detect", 10 * 1024**2 - 1, "image bytes: 10 MB or more, the vendor's limit"),
        ("animate-anyone-detect-gen2", 5 * 1024**2 - 1, "image bytes: 5 MB or more, the vendor's limit"),
        ("emo-detect-v1", 10 * 1024**2, "image bytes: more than 10 MB, the vendor's limit"),
    ],
)
def test_the_most_bytes_are_those_of_the_model(model, longest, message):
    """A byte more is refused."""
    exact = PNG + bytes(longest - len(PNG))
    assert len(load_image(exact, model).content) == longest
    with pytest.raises(PictureError, match=message):
        load_image(exact + b"x", model)


WAV = b"RIFF\x24\0\0\0WAVEfmt "
AUDIO = [(WAV, "wav", "audio/wav"), (b"ID3\4", "mp3", "audio/mpeg"), (b"\xff\xfb\x90\0", "mp3", "audio/mpeg")]
VIDEO = [
    (b"\0\0\0\x18ftypisom", "mp4", "video/mp4"),
    (b"\0\0\0\x14ftypqt  ", "mov", "video/quicktime"),
    (b"\0\0\0\x08wide", "mov", "video/quicktime"),
    (b"RIFF\x24\0\0\0AVI LIST", "avi", "video/x-msvideo"),
]


@pytest.mark.parametrize(("content", "ending", "media_type"), AUDIO)
def test_audio(tmp_path, content, ending, media_type):
    """As bytes and as a file; the extension follows the content."""
    assert load_media(content, "wan2.2-s2v", "audio") == ImageFile(f"audio.{ending}", content, media_type)
    path = tmp_path / "my song.m4a"
    path.write_bytes(content)
    assert load_media(path, "liveportrait", "audio") == ImageFile(f"my-song.{ending}", content, media_type, path)
    assert load_file(path, "wan2.2-s2v").name == f"my-song.{ending}"


@pytest.mark.parametrize(("content", "ending", "media_type"), VIDEO)
def test_video(content, ending, media_type):
    """Each container that the vendor takes is known by its first bytes."""
    model = "animate-anyone-template-gen2"
    assert load_media(content, model, "video") == ImageFile(f"video.{ending}", content, media_type)
    assert load_file(content, "videoretalk").media_type == media_type


@pytest.mark.parametrize(
    ("model", "kind", "given", "message"),
    [
        ("wan2.2-s2v", "audio", PNG, r"audio bytes: empty, or not in a format that the vendor accepts \(wav, mp3\)"),
        ("wan2.2-s2v", "audio", b"\xff\xf9\x50\x80", r"\(wav, mp3\)"),
        ("wan2.2-s2v", "audio", WAV + bytes(15 * 1024**2), "audio bytes: 15 MB or more"),
        ("emo-v1", "audio", WAV + bytes(15 * 1024**2), "audio bytes: more than 15 MB"),
        ("wan2.2-s2v", "audio", "missing.wav", "does not exist; pass a URL, the path of an audio file, or its bytes"),
        ("animate-anyone-template-gen2", "video", WAV, r"video bytes: .* \(mp4, avi, mov\)"),
    ],
)
def test_unfit_media_are_refused(model, kind, given, message):
    """The message names the limit of the model."""
    with pytest.raises(PictureError, match=message):
        load_media(given, model, kind)


def test_a_file_of_any_kind():
    """An upload takes what the model takes in any place of a request, and nothing else."""
    assert load_file(PNG, "wan2.2-s2v").media_type == "image/png"
    with pytest.raises(PictureError, match=r"\(JPEG, PNG, BMP, WEBP\)"):
        load_file(WAV, "wan2.2-s2v-detect")
    with pytest.raises(PictureError, match=r"\(mp4, avi, mov\)"):
        load_file(PNG, "animate-anyone-template-gen2")
    with pytest.raises(PictureError, match=r"\(JPEG, PNG, BMP, wav, mp3\)"):
        load_file(picture("WEBP"), "emo-v1")


def test_a_picture_that_the_video_model_does_not_take():
    """emo-detect-v1 takes WEBP, and emo-v1 does not: it is refused before the upload."""
    checked = load_image(picture("WEBP"), "emo-detect-v1")
    with pytest.raises(PictureError, match=r"\(JPEG, PNG, BMP\)"):
        reload_image(checked, "emo-v1")
