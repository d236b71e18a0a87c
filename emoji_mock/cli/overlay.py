"""Drawing the boxes of a detection on its picture, for `emoji-mock detect --save-overlay`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from emoji_mock.client.results import Passed

FACE, EXT = (255, 64, 64), (64, 160, 255)


def refusal(images: list[str], where: Path) -> str:
    """Return why the boxes of `images` cannot be drawn into `where`, or nothing; known before a picture is paid for."""
    what = f"--save-overlay {where}: "
    if url := next((image for image in images if "://" in image), ""):
        return f"{what}only files are drawn on, and {url} is a URL."
    if not where.is_dir():
        if len(images) > 1:
            return f"{what}several files need a directory that is there."
        if Image.registered_extensions().get(where.suffix.lower()) not in Image.SAVE:
            return f"{what}no kind of picture ends so; name it .png."
    there = [image for image in images if Path(image).exists()]
    for number, image in enumerate(images):
        path = _path(image, where, number)
        if path.exists() and any(path.samefile(one) for one in there):
            return f"{what}{path} is a picture that is asked about."
    return ""


def draw(image: str, passed: Passed, where: Path, number: int) -> Path:
    """Draw the face red and the larger box blue on the file `image`, and return the path of the new picture.

    Raises OSError or ValueError.
    """
    with Image.open(image) as opened:
        picture = opened.convert("RGB")
    width = max(2, min(picture.size) // 150)
    pen = ImageDraw.Draw(picture)
    pen.rectangle(passed.ext.as_tuple(), outline=EXT, width=width)
    pen.rectangle(passed.face.as_tuple(), outline=FACE, width=width)
    path = _path(image, where, number)
    picture.save(path)
    return path


def _path(image: str, where: Path, number: int) -> Path:
    return where / f"{number + 1}-{Path(image).stem}.png" if where.is_dir() else where
