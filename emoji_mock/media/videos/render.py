"""Render a scene: draw its frames, and encode them as MP4 (H.264, yuv420p, no sound) that browsers play."""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any

from emoji_mock.contract import samples
from emoji_mock.contract.endpoint import VIDEO_FPS, VIDEO_SIDE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from PIL.Image import Image

    from emoji_mock.media.videos.scene import Scene

# Bytes reserved for the index before the frames. FFmpeg's own `faststart` would reopen the file; there is none.
_INDEX_BYTES = 4096


def render(scene: Scene) -> bytes:
    """Return the MP4 file of `scene`; without PyAV, a file of the same length that was made before."""
    if find_spec("av") is None:
        return samples.video(scene.length)
    return encode(draw_frames(scene))


def draw_frames(scene: Scene) -> Iterator[Image]:
    """Return the frames of `scene` one by one, RGB pictures of VIDEO_SIDE by VIDEO_SIDE pixels."""
    # Loads Pillow, which only a video needs.
    from emoji_mock.media.videos.pose import pose_at  # noqa: PLC0415
    from emoji_mock.media.videos.still import make_still  # noqa: PLC0415
    from emoji_mock.media.videos.warp import warp  # noqa: PLC0415

    still, count = make_still(scene), VIDEO_FPS * scene.length
    return (warp(still, pose_at(scene.driven_id, number / count, scene.length)) for number in range(count))


def encode(frames: Iterable[Image], *, crf: int = 24) -> bytes:
    """Return an MP4 file of `frames`. A higher `crf` (x264's quality factor) gives a smaller file of less quality."""
    import av  # noqa: PLC0415 - the extra `video`, loaded for the first video

    library: Any = av  # its types name unknown ones
    out = BytesIO()
    # Equal frames make equal bytes: no dates, no version of FFmpeg in the file, one thread.
    options = {"moov_size": str(_INDEX_BYTES), "fflags": "+bitexact"}
    with library.open(out, "w", format="mp4", options=options) as container:
        stream = container.add_stream(
            "libx264", rate=VIDEO_FPS, options={"crf": str(crf), "preset": "veryfast", "threads": "1"}
        )
        stream.width = stream.height = VIDEO_SIDE
        stream.pix_fmt = "yuv420p"
        for frame in frames:
            container.mux(stream.encode(library.VideoFrame.from_image(frame)))
        container.mux(stream.encode())
    return out.getvalue()
