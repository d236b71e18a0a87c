"""Make the videos that are served where PyAV is not installed: python tests/_support/make_videos.py."""

from pathlib import Path

from emoji_mock._support.files import write
from emoji_mock.contract.endpoint import VIDEO_LONGEST
from emoji_mock.contract.geometry import Box
from emoji_mock.media.videos import Scene
from emoji_mock.media.videos.render import draw_frames, encode

FOLDER = Path(__file__).parents[2] / "fixtures" / "videos"

# The vendor's own pair of boxes; the portrait is drawn, so nothing in these files comes from elsewhere.
SCENE = Scene("https://emoji-mock.test/video.png", (Box(212, 194, 460, 441), Box(63, 30, 609, 575)), "mengwa_kaixin", 1)


def main():
    """Write one file for each length."""
    for seconds in range(1, VIDEO_LONGEST + 1):
        video = encode(draw_frames(SCENE._replace(seconds=seconds)), crf=32)
        write(FOLDER / f"{seconds}.mp4", video)
        print(f"{seconds}.mp4: {len(video)} bytes")


if __name__ == "__main__":
    main()
