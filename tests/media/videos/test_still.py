"""Tests of the first frame: the part of the picture in ext_bbox, or a drawn portrait."""

from io import BytesIO

import pytest
from helpers import many_scans
from PIL import Image

from emoji_mock.contract.geometry import Box, Size
from emoji_mock.media.videos import Scene
from emoji_mock.media.videos.still import make_still

RED, GREEN = (250, 10, 10), (10, 200, 10)


def file_of(kind="PNG", size=(800, 1000), part=(100, 200, 600, 700), **options):
    """Return a green picture with a red part."""
    image = Image.new("RGB", size, GREEN)
    image.paste(RED, part)
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def scene(picture=b"", *, face=(250, 350, 450, 550), ext=(100, 200, 600, 700), image_url="https://example.com/me.png"):
    """Return a scene."""
    return Scene(image_url, (Box(*face), Box(*ext)), "mengwa_kaixin", 1, picture=picture)


def is_similar(colour, other):
    """Return whether two colours differ by no more than JPEG changes."""
    return all(abs(one - two) < 12 for one, two in zip(colour, other, strict=True))


@pytest.fixture(scope="module")
def portrait():
    """The frame drawn for the URL of `scene()`; drawing takes a quarter of a second."""
    return make_still(scene()).image.tobytes()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "WEBP"])
def test_a_picture_is_cut_by_ext_bbox(kind):
    """The first frame is that part at 512 by 512 pixels, with the place of the face."""
    shown = make_still(scene(file_of(kind)))
    assert shown.image.size == (512, 512)
    assert all(
        is_similar(shown.image.getpixel(place), RED) for place in [(8, 8), (503, 8), (8, 503), (503, 503), (256, 256)]
    )
    assert (shown.x, shown.y, shown.unit) == pytest.approx((256.0, 256.0, 102.4))


def test_a_large_jpeg_is_decoded_at_a_fraction():
    """A JPEG of 36 megapixels is cut at the right place."""
    large = file_of("JPEG", (6000, 6000), (1000, 2000, 5000, 6000))
    shown = make_still(scene(large, face=(2000, 3000, 4000, 5000), ext=(1000, 2000, 5000, 6000)))
    assert all(is_similar(shown.image.getpixel(place), RED) for place in [(8, 8), (503, 8), (8, 503), (503, 503)])
    assert (shown.x, shown.y, shown.unit) == pytest.approx((256.0, 256.0, 128.0), abs=1)


def test_a_part_that_is_not_square_is_not_distorted():
    """The largest square in its middle is used."""
    shown = make_still(scene(file_of(), ext=(50, 200, 650, 700)))
    assert is_similar(shown.image.getpixel((8, 256)), RED)
    assert shown.unit == pytest.approx(102.4)


@pytest.mark.parametrize(
    "picture",
    [
        b"",
        b"no picture",
        file_of()[:500],
        file_of("GIF"),
        file_of(size=(400, 400), part=(0, 0, 10, 10)),
        file_of("PNG", (4100, 4100)),
        many_scans(5_000),
    ],
    ids=["none", "no picture", "truncated", "GIF", "the box is outside", "too large to decode", "too many scans"],
)
def test_a_portrait_replaces_a_picture_that_cannot_be_cut(picture, portrait):
    """A missing, broken or too large picture is replaced by the portrait of its URL."""
    assert make_still(scene(picture)).image.tobytes() == portrait


def test_a_portrait_depends_on_the_url_alone(portrait):
    """Equal URLs give equal portraits, other URLs others."""
    again, other = make_still(scene()), make_still(scene(image_url="https://example.com/you.png"))
    assert portrait == again.image.tobytes() != other.image.tobytes()


@pytest.mark.parametrize(
    ("face", "ext", "expected"),
    [
        # The vendor's own pair: 248 of 546 px wide, the face a little below the middle.
        ((212, 194, 460, 441), (63, 30, 609, 575), (256.0, 269.0, 116.0)),
        ((100, 100, 200, 200), (100, 100, 200, 200), (256.0, 256.0, 256.0)),
    ],
)
def test_a_drawn_face_is_where_the_boxes_are(face, ext, expected):
    """The face has the size and the place in the frame that `face` has in `ext`."""
    shown = make_still(scene(face=face, ext=ext))
    assert (shown.x, shown.y, shown.unit) == pytest.approx(expected, abs=8)


@pytest.mark.parametrize("ext", [(0, 0, 7000, 7000), (0, 0, 6000, 500), (249, 349, 451, 551)])
def test_odd_boxes_give_a_frame(ext):
    """Boxes of any size and shape give a frame of 512 by 512 pixels."""
    assert make_still(scene(ext=ext)).image.size == (512, 512)


@pytest.mark.parametrize(
    ("size", "expected"),
    [((512, 704), (256.0, 352.0, 140.8)), ((704, 512), (352.0, 256.0, 140.8))],
)
def test_a_frame_of_another_shape_shows_the_middle_of_the_box(size, expected):
    """As much as fits, at the same scale in both directions."""
    shown = make_still(scene(file_of())._replace(size=Size(*size)))
    assert shown.image.size == size
    assert all(is_similar(shown.image.getpixel(place), RED) for place in [(8, 8), (size[0] - 9, size[1] - 9)])
    assert (shown.x, shown.y, shown.unit) == pytest.approx(expected, abs=0.5)


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("upright", [False, True])
def test_without_boxes_the_whole_picture_is_shown(orientation, upright):
    """Turned as people see it, whatever the boxes are counted in; a face is assumed a little above the middle."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    size = (800, 1000) if orientation == 1 else (1000, 800)
    shown = make_still(
        scene(file_of("JPEG", size, (0, 0, 10, 10), exif=exif))._replace(
            boxes=None, size=Size(480, 600), upright=upright
        )
    )
    assert shown.image.size == (480, 600)
    assert is_similar(shown.image.getpixel((240, 300)), GREEN)
    assert (shown.x, shown.y, shown.unit) == pytest.approx((240.0, 256.0, 80.0), abs=2)


def test_without_boxes_and_picture_a_portrait_is_drawn_in_the_shape_of_the_frame():
    """Its face is in the frame, with room around it."""
    shown = make_still(scene()._replace(boxes=None, size=Size(720, 1280)))
    assert shown.image.size == (720, 1280)
    assert shown.unit < shown.x < 720 - shown.unit
    assert shown.unit < shown.y < 640
