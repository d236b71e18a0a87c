"""WebPs: a whole container with a picture that libwebp decodes."""

import struct

import pytest
from picture_files import LARGE, PICTURES, SIZE, drawn, exif, saved

from emoji_mock.contract.row import Row
from emoji_mock.media.inspection import inspect

KINDS = {
    "lossy": saved(drawn(), "WEBP", method=0),
    "lossless": saved(drawn(), "WEBP", lossless=True, method=0),
    "transparent": saved(drawn(mode="RGBA"), "WEBP", method=0),
    "animated": saved(drawn(), "WEBP", method=0, save_all=True, append_images=[drawn(mode="L").convert("RGB")]),
    "with EXIF": saved(drawn(), "WEBP", method=0, exif=exif(6)),
    "large": saved(drawn(LARGE), "WEBP", method=0),
}


def verdict(data):
    """Return `passed`, or the name of the row that refuses a file."""
    inspected = inspect(data, PICTURES)
    return inspected.name if isinstance(inspected, Row) else "passed"


def with_size(data):
    """Return a RIFF file that states its true length."""
    return data[:4] + struct.pack("<I", len(data) - 8) + data[8:]


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_file_passes_and_a_cut_one_does_not(kind):
    """Also where the length that the container states was put right behind the cut, and with something appended."""
    data = KINDS[kind]
    assert [verdict(data), verdict(data + bytes(1_000))] == ["passed"] * 2
    cuts = [data[: len(data) * tenths // 10 & ~1] for tenths in (1, 3, 5, 7, 9)]
    assert {verdict(part) for part in cuts} == {"cannot-decode"}
    assert {verdict(with_size(part)) for part in cuts[:3]} == {"cannot-decode"}


@pytest.mark.parametrize("kind", ["lossy", "lossless", "large"])
def test_a_bitstream_must_be_complete(kind):
    """A chunk whose length was put right behind a cut holds too few pixels."""
    data = KINDS[kind]
    part = data[: len(data) // 2 & ~1]
    assert verdict(with_size(part[:16] + struct.pack("<I", len(part) - 20) + part[20:])) == "cannot-decode"


@pytest.mark.parametrize(
    "data",
    [
        b"RIFF\0\0\0\0WEBP",
        with_size(b"RIFF\0\0\0\0WEBPVP8 " + bytes(44)),
        with_size(b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0"),
        KINDS["lossy"][:20],
        with_size(KINDS["with EXIF"][:30] + b"abcd\0\0\0\0" * 300_001 + KINDS["with EXIF"][30:]),
    ],
    ids=["signature", "zeros", "empty", "no header", "300,000 chunks"],
)
def test_a_signature_with_something_wrong_cannot_be_decoded(data):
    """It is a broken WebP, and not another format."""
    assert verdict(data) == "cannot-decode"


def test_a_large_picture_is_judged_by_its_headers(monkeypatch):
    """Over 8 megapixels the pixels are not decoded; a container that is cut is refused all the same."""
    from emoji_mock.media.formats import webp

    monkeypatch.setattr(webp, "_DECODED_PIXELS", 1)
    monkeypatch.setattr("PIL.Image.open", None)
    data = KINDS["lossy"]
    assert [verdict(part) for part in (data, data[:-10], data[:20] + bytes(30))] == ["passed"] + ["cannot-decode"] * 2


def test_the_orientation_is_that_of_the_chunk():
    """A WebP states its orientation in EXIF, too."""
    assert (inspect(KINDS["with EXIF"], PICTURES), inspect(KINDS["with EXIF"], PICTURES, upright=True)) == (
        SIZE,
        SIZE[::-1],
    )


@pytest.mark.parametrize(
    "data",
    [b"RIFF", b"RIFF\x24\0\0\0WAVEfmt " + bytes(40), b"\x89PNG", b"\x89PNG\n\x1a\n", b"GIF89a", b"II*\0", b"\0\0\0\x18ftypheic", b"\n" + KINDS["lossy"]],
    ids=["half a signature", "sound", "half of another", "PNG as text", "GIF", "TIFF", "HEIC", "a blank before"],
)  # fmt: skip
def test_another_format_gets_its_own_code(data):
    """What has the signature of none of the four formats is InvalidURL."""
    assert verdict(data) == "InvalidURL"
