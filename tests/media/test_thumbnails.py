"""Thumbnails: small pictures, upright, without what else is in a file."""

from io import BytesIO

import pytest
from helpers import picture
from picture_files import drawn, exif, saved
from PIL import Image

from emoji_mock.media.formats import BrokenPictureError
from emoji_mock.media.thumbnails import Thumbnails, make_thumbnail


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "I;16", "LA", "1"])
def test_a_picture_is_shown_small_and_as_a_jpeg(mode):
    """Whatever its colours are; an upright one has its longest side at 640 pixels."""
    image = drawn((1600, 800)).convert("L" if mode == "I;16" else mode)
    shown = Image.open(BytesIO(make_thumbnail(saved(image.convert(mode), "PNG"))))
    assert (shown.format, shown.size, shown.mode) == ("JPEG", (640, 320), "RGB")


def test_a_picture_is_shown_upright_without_what_its_file_says():
    """No EXIF block is passed on: it may say where the photograph was taken."""
    shown = Image.open(BytesIO(make_thumbnail(saved(drawn((800, 640)), "JPEG", exif=exif(6)))))
    assert (shown.size, dict(shown.getexif())) == ((512, 640), {})


@pytest.mark.parametrize("data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture()[:-40], b"\xff\xd8\xff"])
def test_what_is_no_picture_is_not_shown(data):
    """Neither another format, such as one with scripts, nor a broken file."""
    with pytest.raises(BrokenPictureError):
        make_thumbnail(data)


def test_thumbnails_are_kept_within_a_bound(monkeypatch):
    """The one that was not used for the longest time makes room."""
    made = []
    monkeypatch.setattr("emoji_mock.media.thumbnails.make_thumbnail", lambda data: made.append(data) or data)
    thumbnails = Thumbnails(most=2)
    assert [thumbnails.of(data) for data in (b"1", b"2", b"1", b"3", b"1", b"2")] == [
        b"1",
        b"2",
        b"1",
        b"3",
        b"1",
        b"2",
    ]
    assert made == [b"1", b"2", b"3", b"2"]
