"""The port for pictures, audio and videos: the service calls it, assembly.py implements it by `emoji_mock.media`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from emoji_mock.contract.geometry import Box, Size
    from emoji_mock.contract.model import MediaFacts, PictureLimits
    from emoji_mock.contract.row import Row
    from emoji_mock.contract.vision import PictureFacts


class Media(Protocol):
    """Inspects pictures, measures audio and video files, and makes videos. Safe from any thread."""

    def inspect(self, data: bytes, limits: PictureLimits, *, upright: bool) -> Size | Row:
        """Return the size in pixels of the picture file `data`, or the row with which a model of `limits` refuses it.

        `upright` counts the size as the picture's EXIF orientation turns it, not as its pixels are stored.
        An implementation bounds the memory and the time that a small file can cost.
        """
        ...

    def look(self, data: bytes, *, upright: bool) -> PictureFacts:
        """Return what is seen in a picture file that `inspect` has accepted. Equal bytes have equal facts.

        Its boxes are counted as `upright` says. An implementation bounds the memory and the time that a file can cost.
        """
        ...

    def measure(self, data: bytes) -> MediaFacts | None:
        """Return what the audio or video file `data` says of itself, or None if it is neither or says too little.

        An implementation reads headers alone, and bounds the memory and the time that any file can cost.
        """
        ...

    def make_video(
        self,
        *,
        image_url: str,
        boxes: tuple[Box, Box] | None,
        driven_id: str,
        seconds: float,
        size: Size,
        fps: int,
        picture: bytes,
        upright: bool,
    ) -> bytes:
        """Return an MP4 file of `seconds` in which a face moves by the template `driven_id`, or speaks without one.

        Its frames have `size` in pixels, `fps` of them a second. `picture` is the picture file, or empty where the
        service holds only its URL. `boxes` are the face and the larger box around it that is shown, counted in the
        picture as `upright` says; without them, the middle of the picture is shown. Equal arguments make equal videos.
        """
        ...
