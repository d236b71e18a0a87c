"""Make the videos that are served where PyAV is not installed: python tests/_support/make_videos.py."""

from pathlib import Path

from emoji_mock._support.files import write
from emoji_mock.contract.endpoint import VIDEO_LONGEST
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.media.videos import Scene
from emoji_mock.media.videos.render import draw_frames, encode

FOLDER = Path(__file__).parents[2] / "fixtures" / "videos"

# The vendor's own pair of boxes; the portrait is drawn, so nothing in these files comes from elsewhere.
SCENE = Scene("https://emoji-mock.test/video.png", (Box(212, 194, 460, 441), Box(63, 30, 609, 575)), "mengwa_kaixin", 1)


# Shapes of the other models' videos; one of the nearest shape is repeated for any other.
SHAPES = {
    "speaking": ((512, 512), (512, 704), (480, 640), (720, 960), (1080, 1920)),
    "moving": ((720, 1280), (768, 1024)),
}


def main():
    """Write one file for each length of emoji-v1's videos, and for each shape of the others one to be repeated."""
    for seconds in range(1, VIDEO_LONGEST + 1):
        scene = SCENE._replace(seconds=seconds)
        video = encode(draw_frames(scene), scene, crf=32)
        write(FOLDER / f"{seconds}.mp4", video)
        print(f"{seconds}.mp4: {len(video)} bytes")
    for motion, sizes in SHAPES.items():
        for size in sizes:
            driven_id = "" if motion == "speaking" else motion
            scene = Scene(SCENE.image_url, None, driven_id, 300, Size(*size), 25)
            video = encode(draw_frames(scene), scene, crf=32)
            name = f"{motion}-{size[0]}x{size[1]}.mp4"
            write(FOLDER / name, video)
            print(f"{name}: {len(video)} bytes")


if __name__ == "__main__":
    main()
