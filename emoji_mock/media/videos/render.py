"""Pictures into a file that browsers play: MP4 with its index first, H.264 in yuv420p, no sound."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import av

from emoji_mock.contract.endpoint import VIDEO_FPS, VIDEO_SIDE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PIL.Image import Image

# Room kept for the index, in front of the pictures. FFmpeg's own `faststart` would open the file anew; there is none.
_INDEX_BYTES = 4096


def encode(pictures: Iterable[Image], *, crf: int = 24) -> bytes:
    """Return the video of `pictures`; `crf` is x264's: the higher, the smaller and the worse."""
    out = BytesIO()
    # No dates and no version of FFmpeg in the file, and one thread: the same pictures make the same bytes.
    library: Any = av  # whose types name unknown ones
    with library.open(
        out, "w", format="mp4", options={"moov_size": str(_INDEX_BYTES), "fflags": "+bitexact"}
    ) as container:
        stream = container.add_stream(
            "libx264", rate=VIDEO_FPS, options={"crf": str(crf), "preset": "veryfast", "threads": "1"}
        )
        stream.width = stream.height = VIDEO_SIDE
        stream.pix_fmt = "yuv420p"
        for picture in pictures:
            container.mux(stream.encode(library.VideoFrame.from_image(picture)))
        container.mux(stream.encode())
    return out.getvalue()
