"""The picture formats that the vendor takes, one module each, so that no answer depends on how Pillow fails."""

from emoji_mock.media.formats.picture_file import BrokenPictureError as BrokenPictureError
from emoji_mock.media.formats.picture_file import PictureFile as PictureFile
from emoji_mock.media.formats.signatures import read_picture as read_picture

__all__ = ["BrokenPictureError", "PictureFile", "read_picture"]
