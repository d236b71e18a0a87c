"""Each model has its own pictures: formats, bytes, sides and shape, and rows that refuse the others."""

import struct

import pytest
from helpers import picture
from hypothesis import given
from hypothesis import strategies as st
from picture_files import png_header

from emoji_mock.contract.geometry import Size
from emoji_mock.contract.models import MODELS
from emoji_mock.media.inspection import inspect

MEGABYTE = 1024 * 1024


def padded(size, shape=(640, 800)):
    """Return a good picture of so many bytes: what follows its end does not count as broken."""
    good = picture("PNG", shape)
    return good + bytes(size - len(good))


def sides(width, height):
    """Return the beginning of a PNG of that size, which is broken behind its header."""
    return b"\x89PNG\r\n\x1a\n" + png_header((width, height))


BROKEN = "cannot-decode"
"""The row of a file that nothing refuses but its missing pixels."""
EMOJI = "emoji-detect-v1"
EMO = "emo-detect-v1"
EMO_VIDEO = "emo-v1"
S2V = "wan2.2-s2v-detect"
LIVE = "liveportrait-detect"
ANIMATE = "animate-anyone-detect-gen2"


@pytest.mark.parametrize(
    ("model", "data", "expected"),
    [
        # Formats: animate-anyone and emo-v1 take no WEBP, and liveportrait has a row of its own.
        *((model, picture("WEBP"), (640, 800)) for model in (EMOJI, EMO, S2V, LIVE)),
        *((model, picture("WEBP"), "InvalidURL") for model in (ANIMATE, EMO_VIDEO)),
        *((model, picture("BMP"), (640, 800)) for model in (EMOJI, EMO, EMO_VIDEO, S2V, LIVE, ANIMATE)),
        *((model, picture("GIF"), "InvalidURL") for model in (EMOJI, EMO, EMO_VIDEO, S2V, ANIMATE)),
        (LIVE, picture("GIF"), "InvalidParameter.UnsupportedFileFormat"),
        # Bytes: 10 MB and not a byte more; less than 10 MB; less than 5 MB.
        *((model, padded(10 * MEGABYTE), (640, 800)) for model in (EMOJI, EMO, S2V)),
        *((model, padded(10 * MEGABYTE + 1), "InvalidFile.Size") for model in (EMOJI, EMO, S2V)),
        (LIVE, padded(10 * MEGABYTE - 1), (640, 800)),
        (LIVE, padded(10 * MEGABYTE), "InvalidImage.ImageSize"),
        (ANIMATE, padded(5 * MEGABYTE - 1), (640, 800)),
        (ANIMATE, padded(5 * MEGABYTE), "animate-file-size"),
        # Sides: 400 to 7000; up to 4096; over 224 and up to 4096.
        *((model, sides(399, 400), "InvalidFile.Resolution") for model in (EMOJI, EMO, S2V)),
        *((model, sides(400, 7000), BROKEN) for model in (EMOJI, EMO, S2V)),
        *((model, sides(400, 7001), "InvalidFile.Resolution") for model in (EMOJI, EMO, S2V)),
        (LIVE, sides(1, 1), BROKEN),
        (LIVE, sides(4096, 4096), BROKEN),
        (LIVE, sides(4097, 4096), "InvalidImage.ImageSize"),
        (ANIMATE, sides(224, 300), "animate-resolution"),
        (ANIMATE, sides(225, 300), BROKEN),
        (ANIMATE, sides(4096, 4096), BROKEN),
        (ANIMATE, sides(4096, 4097), "animate-resolution"),
        # Shape: height to width from 1:2 to 2:1, both included; the others have no bounds.
        (LIVE, sides(1000, 2000), BROKEN),
        (LIVE, sides(1000, 2001), "InvalidImage.ImageSize"),
        (LIVE, sides(2001, 1000), "InvalidImage.ImageSize"),
        (ANIMATE, sides(1000, 500), BROKEN),
        (ANIMATE, sides(1000, 499), "InvalidFile.AspectRatio"),
        (ANIMATE, sides(499, 1000), "InvalidFile.AspectRatio"),
        *((model, sides(400, 6000), BROKEN) for model in (EMOJI, EMO, S2V)),
        # Bytes come first, then format, sides, shape, and last what is broken.
        (ANIMATE, bytes(5 * MEGABYTE), "animate-file-size"),
        (ANIMATE, sides(100, 4097), "animate-resolution"),
        *((model, b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13), BROKEN) for model in (EMOJI, LIVE, ANIMATE)),
    ],
)  # fmt: skip
def test_a_model_takes_its_own_pictures(model, data, expected):
    """A picture within the limits has its size, any other the row of the first limit that it is beyond."""
    inspected = inspect(data, MODELS[model].pictures)
    if isinstance(expected, tuple):
        assert inspected == Size(*expected)
    else:
        assert inspected.name == expected


@pytest.mark.parametrize("turned", [False, True])
def test_a_shape_is_measured_either_way(turned):
    """Bounds of 1:2 and 2:1 hold for a picture as it is stored and as its EXIF orientation turns it."""
    data = picture("JPEG", (900, 450), exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0")
    expected = Size(450, 900) if turned else Size(900, 450)
    assert inspect(data, MODELS[ANIMATE].pictures, upright=turned) == expected


WHOLE = [picture(kind, (400, 420)) for kind in ("PNG", "JPEG", "BMP", "WEBP")]
ROWS = {
    EMOJI: {"InvalidURL", "InvalidFile.Resolution", BROKEN},
    LIVE: {"InvalidParameter.UnsupportedFileFormat", "InvalidImage.ImageSize", BROKEN},
    ANIMATE: {"InvalidURL", "animate-resolution", "InvalidFile.AspectRatio", BROKEN},
}


@given(st.sampled_from(WHOLE), st.sampled_from(sorted(ROWS)), st.data())
def test_any_change_of_a_picture_gives_a_size_or_a_row_of_the_model(whole, model, data):
    """Cut or changed files raise nothing, and are refused in the model's own words."""
    end = data.draw(st.integers(0, len(whole)))
    place = data.draw(st.integers(0, min(end, 600)))
    changed = whole[:place] + data.draw(st.binary(max_size=8)) + whole[place + data.draw(st.integers(0, 8)) : end]
    inspected = inspect(changed, MODELS[model].pictures)
    assert isinstance(inspected, Size) or inspected.name in ROWS[model]
