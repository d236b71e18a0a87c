"""Tell the picture formats apart by the first bytes of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.media.formats import bmp, jpeg, png, webp

if TYPE_CHECKING:
    from emoji_mock.media.formats.picture_file import PictureFile


def read_picture(data: bytes) -> PictureFile | None:
    """Return the picture file `data`, or None if it has the signature of no format that the vendor takes.

    Raises BrokenPictureError if there is a signature, but no header behind it that can be read.
    """
    if data.startswith(jpeg.SIGNATURE):
        return jpeg.JpegFile(data)
    if data.startswith(png.SIGNATURE):
        return png.PngFile(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return webp.WebpFile(data)
    return bmp.BmpFile(data) if data.startswith(bmp.SIGNATURE) else None
