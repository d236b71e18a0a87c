"""What a video shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from emoji_mock.contract.geometry import Box


class Scene(NamedTuple):
    """A picture, where its face is, how it shall move and for how long; equal scenes make equal videos.

    `picture` is the file itself where it is at hand; without it a portrait is drawn, by `image_url`.
    """

    image_url: str
    face: Box
    ext: Box
    driven_id: str
    seconds: int
    picture: bytes = b""
