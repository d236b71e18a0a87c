"""JPEGs: complete up to the end of the first picture, whatever else is in the file."""

import struct

import pytest
from picture_files import END, LARGE, PICTURES, SIZE, cut_scan, drawn, exif, saved, scans_of, segment, with_segments

from emoji_mock.contract.geometry import Size
from emoji_mock.contract.row import Row
from emoji_mock.media.formats import jpeg as module
from emoji_mock.media.inspection import inspect

KINDS = {
    "baseline": {},
    "progressive": {"progressive": True},
    "restarts": {"restart_marker_blocks": 16},
    "full colour": {"subsampling": 0},
}
SIZES = {"small": SIZE, "over 4 megapixels": LARGE}
FILES = {
    (size_name, kind): saved(drawn(size), "JPEG", quality=80, **options)
    for size_name, size in SIZES.items()
    for kind, options in KINDS.items()
}
EACH = pytest.mark.parametrize(("size", "kind"), FILES, ids=str)


def verdict(data):
    """Return `passed`, or the name of the row that refuses a file."""
    inspected = inspect(data, PICTURES)
    return inspected.name if isinstance(inspected, Row) else "passed"


@EACH
def test_what_follows_the_end_is_not_looked_at(size, kind):
    """A JPEG with zeros, noise, a film, a second picture whole or cut, or stray markers behind its end passes."""
    data = FILES[size, kind]
    small = saved(drawn((160, 120)), "JPEG")
    tails = (
        b"\0" * 1_023,
        b"\0" * 100_000,
        bytes(range(256)) * 20,
        struct.pack(">I", 24) + b"ftypmp42" + b"\xff\xda" * 900,
        small,
        data[: len(data) // 2],
        b"\xff\xd8\xff\xe1\xff\xff\xff\xda\xff\xc0",
    )
    assert [verdict(data + tail) for tail in tails] == ["passed"] * 7


@EACH
@pytest.mark.parametrize("tenths", range(1, 10))
def test_a_cut_file_cannot_be_decoded(size, kind, tenths):
    """A JPEG cut at any tenth is refused, also with an end marker put behind the cut, or zeros."""
    part = FILES[size, kind][: len(FILES[size, kind]) * tenths // 10]
    assert [verdict(part + tail) for tail in (b"", END, END + bytes(2_000))] == ["cannot-decode"] * 3


@EACH
def test_a_scan_must_be_complete(size, kind):
    """The last scan cut by a hundredth, or empty, is refused; the end marker alone missing as well."""
    data = FILES[size, kind]
    cut = [cut_scan(data, share) for share in (0.99, 0.5, 0)]
    assert [verdict(part) for part in (*cut, data[:-2], data[:-1])] == ["cannot-decode"] * 5
    assert verdict(cut_scan(data, 1)) == "passed"


@EACH
@pytest.mark.parametrize(
    "segments",
    [
        [segment(0xE2, b"ICC_PROFILE\0\1\1" + bytes(65_000))] * 30,
        [segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + b"<x>" * 20_000)],
        [segment(0xE1, b"Exif\0\0")] * 3_000,
        [segment(0xFE, b"a comment")] * 5_000,
        [segment(0xE1, b"Exif\0\0" + saved(drawn((160, 120)), "JPEG"))],
        [segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0" + b"\xff" * 40)],
        [b"\xff\xe5\0\0"],
    ],
    ids=["colour profile", "XMP", "thousands of EXIF", "comments", "thumbnail", "broken EXIF", "length of 0"],
)
def test_metadata_is_not_looked_at(size, kind, segments):
    """Large, many and odd segments of applications change nothing."""
    assert verdict(with_segments(FILES[size, kind], *segments)) == "passed"


@pytest.mark.parametrize("kind", ["L", "CMYK"])
def test_grey_and_printed_colours_pass(kind):
    """One and four components are decoded like three."""
    data = saved(drawn(mode=kind), "JPEG")
    assert (verdict(data), verdict(cut_scan(data, 0.5))) == ("passed", "cannot-decode")


def test_a_progressive_picture_may_lack_scans():
    """Decoders show a picture whose last scans were left out at a scan's end, only less sharp."""
    data = FILES["small", "progressive"]
    assert [verdict(data[:begin] + END) for begin in scans_of(data)[1:]] == ["passed"] * 9


def frame(data, **changes):
    """Return a JPEG with bytes of its frame replaced, by their offsets from the marker."""
    place = data.index(b"\xff\xc0") + 1
    for offset, value in changes.items():
        at = place + int(offset.removeprefix("at"))
        data = data[:at] + bytes((value,)) + data[at + 1 :]
    return data


@pytest.mark.parametrize(
    "changes",
    [
        {"at3": 12},
        {"at0": 0xC1, "at3": 12},
        {"at0": 0xC3},
        {"at0": 0xC5},
        {"at8": 2},
        {"at8": 0},
        {"at10": 0x55},
        {"at11": 3},
        {"at4": 0, "at5": 0},
    ],
    ids=[
        "12 bits",
        "12 bits, extended",
        "lossless",
        "differential",
        "two components",
        "none",
        "sampling",
        "table",
        "no height",
    ],
)
def test_other_kinds_of_jpeg_cannot_be_decoded(changes):
    """The signature is right, so the code is that of a picture that cannot be decoded."""
    assert verdict(frame(FILES["small", "baseline"], **changes)) == "cannot-decode"


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xd9",
        FILES["small", "baseline"][:20],
        FILES["small", "baseline"][:200],
    ],
)
def test_a_signature_alone_cannot_be_decoded(data):
    """However little follows the signature, the file is a broken JPEG and not another format."""
    assert verdict(data) == "cannot-decode"


@pytest.mark.parametrize(
    ("orientation", "size"),
    [(1, (480, 640)), (4, (480, 640)), (5, (640, 480)), (6, (640, 480)), (8, (640, 480)), (9, (480, 640))],
)
@pytest.mark.parametrize("order", ["<", ">"])
def test_the_upright_size_follows_the_orientation(orientation, size, order):
    """From orientation 5 on the sides change places; the stored size stays."""
    data = with_segments(FILES["small", "baseline"], segment(0xE1, exif(orientation, order)))
    assert (inspect(data, PICTURES), inspect(data, PICTURES, upright=True)) == (Size(*SIZE), Size(*size))


@pytest.mark.parametrize("room", [100_000_000, 0])
@pytest.mark.parametrize("kind", ["progressive", "progressive grey"])
def test_a_picture_of_too_many_coefficients_is_decoded_in_part(monkeypatch, room, kind):
    """Of a large one only the component of the last scan is decoded, with the same verdict."""
    monkeypatch.setattr(module, "COEFFICIENT_BYTES", room)
    data = saved(drawn(mode="L" if "grey" in kind else "RGB"), "JPEG", progressive=True)
    assert [verdict(cut_scan(data, share)) for share in (1, 0.9, 0.1)] == ["passed", "cannot-decode", "cannot-decode"]


def test_very_many_segments_are_not_read():
    """A file of more than 300,000 segments is refused, as each takes time."""
    assert verdict(with_segments(FILES["small", "baseline"], b"\xff\xfe\0\2" * 300_001)) == "cannot-decode"
