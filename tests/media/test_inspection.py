"""Tests of the inspection of picture files, and of its bounds in memory and time."""

import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from helpers import many_scans, picture
from picture_files import PICTURES, chunk, drawn, rows, saved, segment, with_segments
from picture_files import png as pieced_png

from emoji_mock.contract.geometry import Size
from emoji_mock.contract.row import Row
from emoji_mock.media.inspection import inspect


def refusal(data):
    """Return the name of the row by which `data` is refused."""
    refused = inspect(data, PICTURES)
    assert isinstance(refused, Row)
    return refused.name


def png(width, height, *, whole=True):
    """Return a PNG of one colour, compressed as far as possible."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packed = zlib.compress(bytes((width + 7) // 8 + 1) * height, 9) if whole else b""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "WEBP"])
def test_the_size_of_a_good_picture_is_known(kind):
    """The four formats are accepted."""
    assert inspect(picture(kind, (640, 800)), PICTURES) == Size(640, 800)


@pytest.mark.parametrize(
    ("size", "taken"),
    [((400, 400), True), ((399, 800), False), ((800, 399), False), ((400, 7000), True), ((400, 7001), False)],
    ids=str,
)
def test_a_side_is_within_400_and_7000(size, taken):
    """Both limits are included; outside them the code is InvalidFile.Resolution."""
    data = picture("PNG", size)
    if taken:
        assert inspect(data, PICTURES) == Size(*size)
    else:
        assert refusal(data) == "InvalidFile.Resolution"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "InvalidURL"),
        (b"hello", "InvalidURL"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "InvalidURL"),
        (picture("GIF"), "InvalidURL"),
        (picture("TIFF"), "InvalidURL"),
        (picture("PNG")[:-200], "cannot-decode"),
        (picture("JPEG")[:2000], "cannot-decode"),
        (picture("JPEG", progressive=True)[:1500], "cannot-decode"),
        (picture("BMP")[:-1000], "cannot-decode"),
        (picture("WEBP")[:-10], "cannot-decode"),
        (picture("PNG", (3000, 3000))[:-200], "cannot-decode"),
        (b"\x00" * (10 * 1024 * 1024 + 1), "InvalidFile.Size"),
    ],
    ids=[
        "empty",
        "text",
        "SVG",
        "GIF",
        "TIFF",
        "cut PNG",
        "cut JPEG",
        "cut progressive JPEG",
        "cut BMP",
        "cut WebP",
        "cut large PNG",
        "over 10 MB",
    ],
)
def test_a_bad_file_gets_its_code(data, name):
    """Wrong format, broken file, too many bytes: each has its row."""
    assert refusal(data) == name


def test_a_picture_of_60000_by_60000_is_refused_by_its_header():
    """Its pixels are never decoded."""
    assert refusal(png(60_000, 60_000, whole=False)) == "InvalidFile.Resolution"


BOMB = """
import resource, sys
from emoji_mock.contract.models import emoji
from emoji_mock.media.inspection import inspect
inspect(open(sys.argv[1] + '/small', 'rb').read(), emoji.DETECT.pictures)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
inspect(open(sys.argv[1] + '/bomb', 'rb').read(), emoji.DETECT.pictures)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {"compress_level": 1}),  # written with the least effort, as the file is small anyway
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("WEBP", {"lossless": True, "method": 0, "quality": 0}),
    ],
    ids=["PNG", "JPEG", "progressive JPEG", "WebP"],
)
def test_a_decompression_bomb_costs_no_memory(tmp_path, kind, options):
    """A picture of 49 megapixels in a small file is accepted without decoding it, which would take 150 MB."""
    (tmp_path / "small").write_bytes(picture(kind, (500, 500)))
    (tmp_path / "bomb").write_bytes(picture(kind, (7000, 7000), **options))
    grown = subprocess.run([sys.executable, "-c", BOMB, tmp_path], capture_output=True, text=True, check=True)
    assert int(grown.stdout) < 16 * 1024  # KiB


ROOM = 150 * 1024
"""KiB that the whole process may use."""
USED = """
import re, sys
from emoji_mock.contract.models import emoji
from emoji_mock.media.inspection import inspect
size = inspect(open(sys.argv[1], 'rb').read(), emoji.DETECT.pictures)
print(*size[:2], re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1])
"""


def crowd_of_chunks():
    """Return a PNG of 9 MB that consists of colour profiles."""
    profile = chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(2_000)))
    return pieced_png(profile * (9_000_000 // len(profile)), chunk(b"IDAT", rows()))


def crowd_of_segments():
    """Return a JPEG of 9 MB that consists of EXIF segments."""
    return with_segments(saved(drawn(), "JPEG"), segment(0xE1, b"Exif\0\0" + bytes(100)) * 80_000)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's count of a process's memory")
@pytest.mark.parametrize(
    ("make", "size"),
    [
        (crowd_of_chunks, "480 640"),
        (crowd_of_segments, "480 640"),
        (lambda: saved(drawn((2400, 3200)), "WEBP", method=0, quality=20), "2400 3200"),
        (lambda: saved(drawn((7000, 7000)), "JPEG", progressive=True, quality=30), "7000 7000"),
    ],
    ids=["colour profiles", "EXIF", "largest decoded WebP", "largest progressive JPEG"],
)
def test_any_picture_costs_at_most_150_mb(tmp_path, make, size):
    """A fresh process, with all that it loads, stays below that."""
    (tmp_path / "file").write_bytes(make())
    ran = subprocess.run([sys.executable, "-c", USED, tmp_path / "file"], capture_output=True, text=True, check=True)
    found, _, used = ran.stdout.strip().rpartition(" ")
    assert found == size
    assert int(used) < ROOM


def test_pillow_warnings_are_silenced(recwarn):
    """A picture with a corrupt EXIF block causes no warning, and the warning filters are unchanged."""
    import warnings

    before = list(warnings.filters)
    data = picture("JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\xff" * 40)
    assert inspect(data, PICTURES) == Size(640, 800)
    assert (len(recwarn), warnings.filters) == (0, before)


@pytest.mark.parametrize("whole", [True, False])
def test_a_jpeg_of_thousands_of_scans_is_not_decoded(monkeypatch, whole):
    """With more than 64 scans, only the end of the file is checked: each scan would cost a pass over all pixels."""
    data = many_scans(5_000, whole=whole)
    monkeypatch.setattr("emoji_mock.media.formats.jpeg.read_jpeg", None)
    if whole:
        assert inspect(data, PICTURES) == Size(640, 800)
    else:
        assert refusal(data) == "cannot-decode"
