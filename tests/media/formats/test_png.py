"""PNGs: every row and every checksum of the pixels, and no look at texts and profiles."""

import zlib

import pytest
from picture_files import LARGE, PICTURES, PNG, SIZE, chunk, drawn, exif, png, png_header, rows, saved

from emoji_mock.contract.row import Row
from emoji_mock.media.inspection import inspect

BOMB = zlib.compress(bytes(100_000_000))


def verdict(data):
    """Return `passed`, or the name of the row that refuses a file."""
    inspected = inspect(data, PICTURES)
    return inspected.name if isinstance(inspected, Row) else "passed"


def idat(size=SIZE, **options):
    """Return the chunk of all rows of a picture."""
    return chunk(b"IDAT", rows(size, **options))


@pytest.mark.parametrize(
    "odd",
    [
        [chunk(b"tEXt", b"a\0b", wrong=True)],
        [chunk(b"gAMA", b"\0\0\xb1\x8f", wrong=True)],
        [chunk(b"tRNS", b"\0")],
        [chunk(b"gAMA", b"\0")],
        [chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(range(256)) * 5_000, 0))],
        [chunk(b"iCCP", b"x\0\0no zlib")],
        [chunk(b"iCCP", b"x\0\0" + BOMB)],
        [chunk(b"zTXt", b"x\0\0" + BOMB)],
        [chunk(b"iTXt", b"x\0\1\0\0\0" + BOMB)],
        [chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(2_000)))] * 5_000,
        [chunk(b"abCd", b"x")],
    ],
    ids=[
        "text",
        "gamma",
        "transparency",
        "short",
        "large profile",
        "no profile",
        "profile bomb",
        "text bomb",
        "UTF-8 bomb",
        "many",
        "unknown",
    ],
)
@pytest.mark.parametrize("size", [SIZE, LARGE], ids=["small", "large"])
def test_optional_chunks_are_not_looked_at(size, odd):
    """Wrong checksums, wrong lengths, bombs and crowds of optional chunks change nothing."""
    assert verdict(png(*odd, idat(size), size=size)) == "passed"


@pytest.mark.parametrize("size", [SIZE, LARGE], ids=["small", "large"])
def test_pixels_must_be_complete_and_right(size):
    """Noise, a wrong checksum of a chunk or of the stream, missing rows and an unknown filter are refused."""
    pixels = rows(size)
    middle = len(pixels) // 2
    broken = {
        "noise": bytes(range(256)) * 9,
        "cut": pixels[:middle],
        "no checksum": pixels[:-4],
        "wrong checksum": pixels[:-1] + bytes((pixels[-1] ^ 1,)),
        "half of the rows": rows(size, count=size[1] // 2),
        "all rows but one": rows(size, count=size[1] - 1),
        "filter 5": rows(size, filtering=5),
        "nothing": b"",
    }
    assert {name: verdict(png(chunk(b"IDAT", data), size=size)) for name, data in broken.items()} == dict.fromkeys(
        broken, "cannot-decode"
    )
    assert verdict(png(chunk(b"IDAT", pixels, wrong=True), size=size)) == "cannot-decode"
    assert verdict(png(chunk(b"IDAT", rows(size, count=size[1] + 9)), size=size)) == "passed"


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA", "1"])
@pytest.mark.parametrize("tenths", range(1, 10))
def test_a_cut_file_cannot_be_decoded(mode, tenths):
    """A PNG of any kind cut at any tenth is refused."""
    data = saved(drawn(mode=mode), "PNG")
    assert (verdict(data), verdict(data[: len(data) * tenths // 10])) == ("passed", "cannot-decode")


def test_what_follows_the_pixels_is_not_looked_at():
    """A PNG without its end chunk, or with anything behind it, passes; pixels in two runs are not put together."""
    start, pixels = PNG + png_header(), rows()
    tails = (b"", chunk(b"IEND", wrong=True), chunk(b"IEND") + bytes(5_000), b"\0\0\xff\xfftEXt", chunk(b"IEND")[:6])
    assert [verdict(start + chunk(b"IDAT", pixels) + tail) for tail in tails] == ["passed"] * 5
    assert (
        verdict(png(chunk(b"IDAT", pixels[:99]), chunk(b"tEXt", b"a\0b"), chunk(b"IDAT", pixels[99:])))
        == "cannot-decode"
    )


def test_chunks_may_be_tiny_but_not_without_number():
    """Pixels in thousands of chunks pass; more than 300,000 of them are refused."""
    pixels = rows()
    assert verdict(png(*(chunk(b"IDAT", pixels[place : place + 3]) for place in range(0, len(pixels), 3)))) == "passed"
    assert verdict(png(*[chunk(b"IDAT")] * 300_001, chunk(b"IDAT", pixels))) == "cannot-decode"


@pytest.mark.parametrize(
    ("depth", "colour", "bits"), [(16, 0, 16), (16, 2, 48), (16, 6, 64), (8, 4, 16), (2, 0, 2), (1, 0, 1)]
)
def test_every_depth_is_counted_in_its_bits(depth, colour, bits):
    """The length of a row follows from depth and colours; a byte too little is missed."""
    whole = png(idat(bits=bits), depth=depth, colour=colour)
    short = png(chunk(b"IDAT", rows(bits=bits, count=SIZE[1] - 1)), depth=depth, colour=colour)
    assert (verdict(whole), verdict(short)) == ("passed", "cannot-decode")


def test_interlaced_rows_are_counted_in_seven_passes():
    """The passes of 480 by 640 pixels have 60 x 80, 60 x 80, 120 x 80, 120 x 160, 240 x 160, 240 x 320, 480 x 320 pixels."""
    sides = ((60, 80), (60, 80), (120, 80), (120, 160), (240, 160), (240, 320), (480, 320))
    raw = b"".join((b"\4" + bytes(3 * width)) * height for width, height in sides)
    verdicts = [verdict(png(chunk(b"IDAT", zlib.compress(part)), interlaced=True)) for part in (raw, raw[:-1])]
    assert verdicts == ["passed", "cannot-decode"]


@pytest.mark.parametrize(
    "data",
    [
        PNG,
        PNG + b"\0\0\0\rIHDR",
        PNG + chunk(b"tEXt", b"a\0b") + png_header() + idat(),
        png(idat(), depth=5),
        png(idat(), colour=5),
        png(idat(bits=8), colour=3),
        png(chunk(b"PLTE", bytes(31)), idat(bits=8), colour=3),
        png(chunk(b"PLTE", bytes(30), wrong=True), idat(bits=8), colour=3),
        png(chunk(b"ABCD", b"x"), idat()),
        png(idat(), size=(0, 640)),
    ],
    ids=[
        "signature",
        "half a header",
        "late header",
        "depth",
        "colour",
        "no palette",
        "odd palette",
        "wrong palette",
        "critical",
        "no width",
    ],
)
def test_a_signature_with_something_wrong_cannot_be_decoded(data):
    """It is a broken PNG, and not another format."""
    assert verdict(data) == "cannot-decode"


@pytest.mark.parametrize("place", ["before", "behind"])
def test_the_orientation_is_found_before_and_behind_the_pixels(place):
    """The chunk eXIf may stand anywhere; one with a wrong checksum is not read."""
    block = chunk(b"eXIf", exif(6).removeprefix(b"Exif\0\0"))
    data = png(block, idat()) if place == "before" else png(idat(), block)
    assert inspect(data, PICTURES, upright=True) == (640, 480)
    assert inspect(png(chunk(b"eXIf", exif(6)[6:], wrong=True), idat()), PICTURES, upright=True) == (480, 640)
