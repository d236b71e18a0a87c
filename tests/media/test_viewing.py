"""Pictures as people see them: upright, on white, grey where they are grey."""

import struct
import zlib

import pytest
from picture_files import chunk, exif, png, saved
from PIL import Image, ImageDraw

from emoji_mock.contract.geometry import Box, Size
from emoji_mock.media.videos import Scene
from emoji_mock.media.videos.still import make_still
from emoji_mock.media.viewing import flat, show, stored_box, upright_box

RED, GREEN, WHITE = (250, 10, 10), (10, 200, 10), (255, 255, 255)
UPRIGHT = Box(300, 100, 500, 300)
"""Where the red square is in the picture as people see it, of 600 by 800 pixels."""
TURNED_BACK = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def photograph(orientation, kind="JPEG"):
    """Return a picture that is stored turned and states so, and where its red square is stored."""
    image = Image.new("RGB", (600, 800), GREEN)
    image.paste(RED, UPRIGHT)
    mask = Image.new("L", image.size)
    ImageDraw.Draw(mask).rectangle((*UPRIGHT[:2], UPRIGHT.x2 - 1, UPRIGHT.y2 - 1), fill=255)
    turn = TURNED_BACK[orientation]
    if turn is not None:
        image, mask = image.transpose(turn), mask.transpose(turn)
    return saved(image, kind, exif=exif(orientation)), Box(*mask.getbbox())


def is_similar(colour, other):
    """Return whether two colours differ by no more than JPEG changes."""
    return all(abs(one - two) < 12 for one, two in zip(colour, other, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_shown_upright_with_its_boxes(kind, orientation):
    """Its stored box is where the square is seen, and the reverse."""
    data, stored = photograph(orientation, kind)
    image, size, stated = show(data)
    assert (image.size, stated) == ((600, 800), orientation)
    assert upright_box(stored, size, orientation) == UPRIGHT
    assert stored_box(UPRIGHT, Size(600, 800), orientation) == stored
    inside, outside = [(320, 120), (480, 280)], [(280, 120), (520, 280)]
    assert all(is_similar(image.getpixel(place), RED) for place in inside)
    assert all(is_similar(image.getpixel(place), GREEN) for place in outside)


@pytest.mark.parametrize("upright", [False, True])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_video_shows_the_box_upright(orientation, upright):
    """Whichever frame the boxes are counted in, the square that they name is shown, the right way up."""
    data, stored = photograph(orientation)
    box = UPRIGHT if upright else stored
    ext = Box(box.x1 - 100, box.y1 - 100, box.x2 + 100, box.y2 + 100)
    still = make_still(Scene("", (box, ext), "mengwa_kaixin", 1, picture=data, upright=upright))
    assert (still.x, still.y, still.unit) == (256.0, 256.0, 128.0)
    assert is_similar(still.image.getpixel((140, 140)), RED)
    assert is_similar(still.image.getpixel((110, 110)), GREEN)


def test_sixteen_bits_of_grey_are_grey():
    """Dark, middle and light keep their order, and the value that is declared transparent is white."""
    row = b"\0" + struct.pack(">480H", *([0] * 120 + [0x4000] * 120 + [0x8000] * 120 + [0xFFFF] * 120))
    pixels = chunk(b"IDAT", zlib.compress(row * 640))
    shades = [show(png(pixels, depth=16, colour=0))[0].getpixel((x, 9)) for x in (5, 150, 300, 450)]
    assert shades == [(0, 0, 0), (64, 64, 64), (128, 128, 128), (255, 255, 255)]
    clear = png(chunk(b"tRNS", b"\x40\0"), pixels, depth=16, colour=0)
    assert [show(clear)[0].getpixel((x, 9)) for x in (5, 150, 300)] == [(0, 0, 0), WHITE, (128, 128, 128)]


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_is_shown_on_white(mode):
    """What lies hidden under it does not show through."""
    image = Image.new("RGBA", (10, 10), (255, 0, 255, 0)).convert(mode)
    assert flat(image).getpixel((5, 5)) == WHITE


def test_transparency_of_a_palette_and_of_one_colour_is_shown_on_white():
    """A PNG may declare single colours transparent."""
    for mode, colour, declared in (("P", 3, 3), ("L", 77, 77), ("RGB", (1, 2, 3), (1, 2, 3))):
        image = Image.new(mode, (480, 640), colour)
        if mode == "P":
            image.putpalette([9, 9, 9] * 256)
        assert show(saved(image, "PNG", transparency=declared))[0].getpixel((5, 5)) == WHITE


def test_printed_colours_keep_their_sense():
    """A light CMYK picture is light."""
    image = Image.new("CMYK", (480, 640), (10, 20, 30, 5))
    assert min(show(saved(image, "JPEG"))[0].getpixel((5, 5))) > 200
