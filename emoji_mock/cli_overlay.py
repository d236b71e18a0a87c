"""Drawing the boxes of a detection on its picture, for `emoji-mock detect --save-overlay`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from emoji_mock.client.results import Passed

FACE, EXT = (255, 64, 64), (64, 160, 255)


def draw(image: str, passed: Passed, where: Path, number: int) -> Path:
    """Draw the face red and the larger box blue on the file `image`, and return the path of the new picture.

    Raises OSError or ValueError.
    """
    if "://" in image:
        raise ValueError("only files are drawn on, and this is a URL")
    path = where / f"{number + 1}-{Path(image).stem}.png" if where.is_dir() else where
    if path.exists() and path.samefile(image):
        raise ValueError(f"{path} is the picture itself")
    with Image.open(image) as opened:
        picture = opened.convert("RGB")
    width = max(2, min(picture.size) // 150)
    pen = ImageDraw.Draw(picture)
    pen.rectangle(passed.ext.as_tuple(), outline=EXT, width=width)
    pen.rectangle(passed.face.as_tuple(), outline=FACE, width=width)
    picture.save(path)
    return path
