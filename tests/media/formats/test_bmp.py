"""BMPs: rows as they are, with masks, or as run lengths; a header alone is no picture."""

import struct

import pytest
from picture_files import PICTURES, SIZE, bmp, drawn, saved

from emoji_mock.contract.row import Row
from emoji_mock.media.inspection import inspect

WIDTH, HEIGHT = SIZE
MASKS = struct.pack("<III", 0xFF0000, 0xFF00, 0xFF)
ROW = b"\xff\1\xe1\2"
"""A row of 255 and 225 pixels as run lengths."""
END_OF_ROW, END = b"\0\0", b"\0\1"


def verdict(data):
    """Return `passed`, or the name of the row that refuses a file."""
    inspected = inspect(data, PICTURES)
    return inspected.name if isinstance(inspected, Row) else "passed"


@pytest.mark.parametrize(
    ("bits", "compression", "masks"),
    [(1, 0, b""), (4, 0, b""), (8, 0, b""), (16, 0, b""), (24, 0, b""), (32, 0, b""), (16, 3, MASKS), (32, 3, MASKS)],
)
def test_every_row_must_be_there(bits, compression, masks):
    """A BMP of any depth passes with all its rows; with one byte less, half of them, or none, it is broken."""
    data = bytes((WIDTH * bits + 31) // 32 * 4 * HEIGHT)
    parts = (data, data + b"more", data[:-1], data[: len(data) // 2], b"")
    verdicts = [verdict(bmp(bits=bits, compression=compression, masks=masks, data=part)) for part in parts]
    assert verdicts == ["passed"] * 2 + ["cannot-decode"] * 3


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA"])
def test_what_pillow_writes_passes(mode):
    """Black and white, grey, a palette, colours, and transparency."""
    assert verdict(saved(drawn(mode=mode), "BMP")) == "passed"


@pytest.mark.parametrize("header", [40, 52, 56, 64, 108, 124])
@pytest.mark.parametrize("height", [HEIGHT, -HEIGHT])
def test_every_header_is_read(header, height):
    """All lengths of a header that Windows and OS/2 write, with rows from below or from above."""
    data = bytes(3 * WIDTH * HEIGHT)
    assert verdict(bmp((WIDTH, height), header=header, data=data)) == "passed"


@pytest.mark.parametrize(("bits", "expected"), [(8, "cannot-decode"), (24, "passed"), (32, "passed")])
def test_a_long_palette_beside_full_colours_passes(bits, expected):
    """A palette that no pixel needs may have more than 256 colours; one that pixels refer to may not."""
    data = bytes((WIDTH * bits + 31) // 32 * 4 * HEIGHT)
    assert verdict(bmp(bits=bits, colours=300, data=data)) == expected


def test_the_short_header_of_os2_is_read():
    """Its fields have 16 bits."""
    head = b"BM" + struct.pack("<IHHI", 0, 0, 0, 26) + struct.pack("<IHHHH", 12, WIDTH, HEIGHT, 1, 24)
    data = bytes(3 * WIDTH * HEIGHT)
    assert [verdict(head + part) for part in (data, data[:-1])] == ["passed", "cannot-decode"]


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ((ROW + END_OF_ROW) * HEIGHT + END, "passed"),
        ((ROW + END_OF_ROW) * HEIGHT, "passed"),
        (ROW * HEIGHT, "passed"),
        ((ROW + END_OF_ROW) * (HEIGHT + 20) + END, "passed"),
        ((ROW + END_OF_ROW) * 320 + END, "passed"),
        (b"\0\2\0\xff\0\2\0\xff" + (ROW + END_OF_ROW) * 130, "passed"),
        ((b"\0\3abc\0" * 160 + END_OF_ROW) * HEIGHT, "passed"),
        ((ROW + END_OF_ROW) * 320, "cannot-decode"),
        ((ROW + END_OF_ROW) * (HEIGHT - 1) + b"\xff\1", "cannot-decode"),
        (b"", "cannot-decode"),
        (b"\0", "cannot-decode"),
        (b"\0\2\1", "cannot-decode"),
        (b"\0\xf0abc", "cannot-decode"),
        (b"\xff\1" * 2 * HEIGHT + END, "cannot-decode"),
        (bytes(range(1, 255)) * 99 + END, "cannot-decode"),
    ],
    ids=["whole", "no end", "no ends", "too long", "early end", "moves", "as they are", "half", "a run less", "none", "half a code", "half a move", "cut pixels", "too wide", "noise"],
)  # fmt: skip
def test_run_lengths_reach_the_last_row_or_the_end_mark(runs, expected):
    """Decoders show what an end mark leaves out; runs that end without one, or pass the end of a row, are broken."""
    assert verdict(bmp(bits=8, compression=1, data=runs)) == expected


def test_run_lengths_of_half_bytes_are_counted_in_pixels():
    """Pixels one by one take half a byte each, padded to two bytes."""
    row = b"\0\5abc\0" * 96 + END_OF_ROW
    assert [verdict(bmp(bits=4, compression=2, data=row * count)) for count in (640, 639)] == [
        "passed",
        "cannot-decode",
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"BM",
        b"BM" + bytes(10),
        b"BMW is no picture, but begins like one",
        bmp(bits=3, data=bytes(WIDTH * HEIGHT)),
        bmp(bits=2, data=bytes(WIDTH * HEIGHT)),
        bmp(compression=9, data=bytes(3 * WIDTH * HEIGHT)),
        bmp(bits=24, compression=1, data=ROW * HEIGHT),
        bmp((-WIDTH, HEIGHT), data=bytes(3 * WIDTH * HEIGHT)),
        bmp(header=41, data=bytes(3 * WIDTH * HEIGHT)),
        bmp(data=bytes(3 * WIDTH * HEIGHT), start=10_000_000),
    ],
    ids=[
        "signature",
        "zeros",
        "text",
        "3 bits",
        "2 bits",
        "compression",
        "runs of colours",
        "width",
        "header",
        "start",
    ],
)
def test_a_signature_with_something_wrong_cannot_be_decoded(data):
    """It is a broken BMP, and not another format."""
    assert verdict(data) == "cannot-decode"
