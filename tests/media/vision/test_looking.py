"""Tests of what is seen in a picture: photographs, and portraits in all formats and orientations."""

import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from subprocess import run

import pytest
from picture_files import exif, saved
from PIL import Image

pytest.importorskip("cv2", reason="OpenCV comes with the extra `vision`")

from emoji_mock.contract.geometry import Box, Size
from emoji_mock.contract.rows import failed
from emoji_mock.fake.vision.eyes import Eyes
from emoji_mock.fake.vision.judgement import judge
from emoji_mock.media.formats import BrokenPictureError
from emoji_mock.media.portraits import Portrait, draw
from emoji_mock.media.vision import look

PHOTOGRAPHS = {
    "skimage": ("data/astronaut.png", Size(512, 512), Box(167, 63, 280, 176)),
    "matplotlib": ("mpl-data/sample_data/grace_hopper.jpg", Size(512, 600), Box(162, 121, 374, 333)),
}
"""Photographs in the public domain, by the package that contains them, with their face."""
DRAWN = draw(Portrait(seed=1))


def photograph(package):
    """Return a package's photograph, without importing the package."""
    found = find_spec(package)
    if found is None or found.origin is None:
        pytest.skip(f"{package} is not installed")
    return (Path(found.origin).parent / PHOTOGRAPHS[package][0]).read_bytes()


@pytest.mark.parametrize("package", PHOTOGRAPHS)
def test_a_photograph_passes_with_its_face(package):
    """A person who looks at the camera: one face, within two pixels, and nothing speaks against it."""
    _, size, face = PHOTOGRAPHS[package]
    facts = look(photograph(package))
    assert (facts.size, len(facts.faces)) == (size, 1)
    assert list(facts.faces[0].box) == pytest.approx(list(face), abs=2)
    assert judge(facts, Eyes()).row is None


@pytest.mark.parametrize("package", PHOTOGRAPHS)
@pytest.mark.parametrize("angle", [-90, -60, -30, 0, 20, 60, 90, 180])
def test_a_tilted_photograph_has_its_roll(package, angle):
    """Within 6 degrees, clockwise, at any angle."""
    image = Image.open(BytesIO(photograph(package))).convert("RGB").rotate(-angle, expand=True)
    roll = look(saved(image, "PNG")).faces[0].roll
    assert abs((roll - angle + 180) % 360 - 180) < 6


@pytest.mark.parametrize("package", PHOTOGRAPHS)
def test_a_photograph_with_a_mask_is_refused(package):
    """What hides nose and mouth is told from a bare face."""
    face = PHOTOGRAPHS[package][2]
    image = Image.open(BytesIO(photograph(package))).convert("RGB")
    image.paste((40, 60, 90), (face.x1, face.y1 + round(0.55 * face.height), face.x2, face.y2 + face.height // 10))
    assert judge(look(saved(image, "PNG")), Eyes()).row is failed.FULL_FACE


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP"])
def test_a_face_is_where_it_was_drawn_in_each_format(kind):
    """The same face, whatever file it is in."""
    facts = look(DRAWN.encoded(kind))
    assert facts.size == Size(640, 800)
    assert list(facts.faces[0].box) == pytest.approx(list(DRAWN.faces[0]), abs=0.06 * DRAWN.faces[0].width)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA"])
def test_colours_of_any_kind_are_looked_at(mode):
    """A picture without colours or with a palette has its face, too."""
    facts = look(saved(DRAWN.image.convert(mode), "PNG"))
    assert (facts.size, len(facts.faces)) == (Size(640, 800), 1)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_seen_upright_and_its_box_is_in_the_pixels_as_asked(orientation):
    """An EXIF orientation turns what is seen; the box is counted in stored pixels, or in those shown."""
    turns = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Pillow's transpositions that undo an orientation
    turn = turns.get(orientation)
    stored = DRAWN.image if turn is None else DRAWN.image.transpose(turn)
    data = saved(stored, "JPEG", quality=95, exif=exif(orientation))
    shown, kept = look(data, upright=True), look(data)
    assert (shown.size, kept.size) == (Size(640, 800), Size(*stored.size))
    assert list(shown.faces[0].box) == pytest.approx(list(DRAWN.faces[0]), abs=15)
    assert abs(kept.faces[0].roll) < 8
    x, y = ((a + b) // 2 for a, b in zip(kept.faces[0].box[:2], kept.faces[0].box[2:], strict=True))
    skin, there = DRAWN.image.getpixel(middle(DRAWN.faces[0])), stored.getpixel((x, y))
    assert max(abs(a - b) for a, b in zip(skin, there, strict=True)) < 60


def middle(box):
    """Return the middle of a box."""
    return (box.x1 + box.x2) // 2, (box.y1 + box.y2) // 2


def test_a_huge_picture_is_looked_at_small():
    """The box of a picture of 24 megapixels is that of the small one, scaled."""
    large = DRAWN.image.resize((4400, 5500))
    face = look(saved(large, "JPEG")).faces[0].box
    assert list(face) == pytest.approx([side * 6.875 for side in DRAWN.faces[0]], abs=100)


@pytest.mark.parametrize("data", [b"", b"GIF89a", DRAWN.encoded()[:-2000], DRAWN.encoded("JPEG")[:300]])
def test_what_is_no_picture_raises(data):
    """A file that cannot be decoded is told by the usual exception."""
    with pytest.raises(BrokenPictureError):
        look(data)


def test_threads_see_the_same():
    """Pictures that are looked at at once do not mix."""
    pictures = [draw(Portrait(seed=seed, size=(400, 400), face_share=share)) for seed, share in ((1, 0.3), (2, 0.6))]
    files = [picture.encoded("JPEG") for picture in pictures]
    from emoji_mock.media.vision.looking import _look

    expected = [_look(data, upright=False) for data in files]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda data: _look(data, upright=False), files * 4)) == expected * 4


def test_nothing_is_printed_and_the_same_bytes_have_the_same_facts(tmp_path):
    """OpenCV's warnings stay away from stderr; another process sees what this one does."""
    path = tmp_path / "portrait.png"
    path.write_bytes(DRAWN.encoded())
    code = "import sys; from emoji_mock.media.vision import look; print(look(open(sys.argv[1], 'rb').read()))"
    ended = run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert (ended.stdout.strip(), ended.stderr) == (repr(look(path.read_bytes())), "")
