"""Render a scene: draw its frames, and encode them as MP4 (H.264, yuv420p, no sound) that browsers play."""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from math import log
from typing import TYPE_CHECKING, Any

from emoji_mock.contract import samples
from emoji_mock.contract.endpoint import VIDEO_LONGEST
from emoji_mock.media.videos.repetition import repeat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from PIL.Image import Image

    from emoji_mock.media.videos.scene import Scene

# Bytes reserved for the index before the frames. FFmpeg's own `faststart` would reopen the file; there is none.
_INDEX_BYTES = 4096


def render(scene: Scene) -> bytes:
    """Return the MP4 file of `scene`; without PyAV, a prepared one as long, of about its shape."""
    if find_spec("av") is None:
        return _prepared(scene)
    video = encode(draw_frames(scene), scene)
    return repeat(video, scene.frames, scene.fps) if scene.is_long else video


def _prepared(scene: Scene) -> bytes:
    """Return a video that was made before, of the same length; a speaker's is repeated, and has the nearest shape."""
    if scene.driven_id and not scene.is_long:
        return samples.video(min(max(1, round(scene.seconds)), VIDEO_LONGEST))
    width, height = scene.frame
    names = samples.repeatable_videos("moving" if scene.driven_id else "speaking")

    def difference(name: str) -> tuple[float, float]:
        across, down = names[name]
        return abs(log(across / down * height / width)), abs(log(across * down / width / height))

    return repeat(samples.repeatable_video(min(names, key=difference)), scene.frames, scene.fps)


def draw_frames(scene: Scene) -> Iterator[Image]:
    """Return the different frames of `scene` one by one, as RGB pictures."""
    # Loads Pillow, which only a video needs.
    from emoji_mock.media.videos.pose import pose_at  # noqa: PLC0415
    from emoji_mock.media.videos.still import make_still  # noqa: PLC0415
    from emoji_mock.media.videos.warp import warp  # noqa: PLC0415

    still, count = make_still(scene), scene.drawn
    seconds = max(1, round(count * scene.held / scene.fps))
    return (warp(still, pose_at(scene.driven_id, number / count, seconds)) for number in range(count))


def encode(frames: Iterable[Image], scene: Scene, *, crf: int = 24) -> bytes:
    """Return an MP4 file of `frames`, the different ones of `scene`, each held as long as the scene says.

    A higher `crf` (x264's quality factor) gives a smaller file of less quality. A long one has no B-frames, so that it
    can begin again after any of its frames.
    """
    import av  # noqa: PLC0415 - the extra `video`, loaded for the first video

    library: Any = av  # its types name unknown ones
    out = BytesIO()
    # Equal frames make equal bytes: no dates, no version of FFmpeg in the file, one thread.
    options = {"moov_size": str(_INDEX_BYTES), "fflags": "+bitexact"}
    settings = {"crf": str(crf), "preset": "veryfast", "threads": "1"} | ({"bf": "0"} if scene.is_long else {})
    with library.open(out, "w", format="mp4", options=options) as container:
        stream = container.add_stream("libx264", rate=scene.fps, options=settings)
        stream.width, stream.height = scene.frame
        stream.pix_fmt = "yuv420p"
        for number, image in enumerate(frames):
            frame = library.VideoFrame.from_image(image)
            for turn in range(scene.held):
                frame.pts = number * scene.held + turn
                container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return out.getvalue()
