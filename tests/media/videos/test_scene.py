"""Tests of the numbers of a scene: its frames, how many are drawn, and its bounds."""

import pytest

from emoji_mock.contract.geometry import Box
from emoji_mock.media.videos import Scene

BOXES = Box(212, 194, 460, 441), Box(63, 30, 609, 575)


def scene(seconds, size, fps):
    """Return a scene of a speaker."""
    return Scene("https://example.com/me.png", BOXES, "", seconds, size, fps)


@pytest.mark.parametrize(
    ("seconds", "size", "fps", "frames", "drawn", "held"),
    [
        (5, (512, 512), 15, 75, 75, 1),
        (2.79, (512, 512), 25, 70, 70, 1),
        (60, (512, 512), 25, 1500, 50, 1),
        (18.13, (512, 704), 25, 453, 36, 1),
        (180, (720, 960), 24, 4320, 18, 2),
        (300, (720, 1280), 25, 7500, 14, 3),
        (4, (1080, 1920), 25, 100, 6, 3),
        (300, (2048, 2048), 30, 9000, 6, 3),
        (1_000_000, (512, 512), 30, 9000, 50, 1),
        (0, (512, 512), 15, 1, 1, 1),
    ],
)
def test_only_so_many_frames_are_drawn(seconds, size, fps, frames, drawn, held):
    """All frames of a video that costs no more than five seconds of emoji-v1, else as many pixels as two thirds of it."""
    found = scene(seconds, size, fps)
    assert (found.frames, found.drawn, found.held) == (frames, drawn, held)


@pytest.mark.parametrize(
    ("size", "frame"),
    [((512, 704), (512, 704)), ((479, 641), (480, 640)), ((1, 1), (16, 16)), ((65_535, 32_768), (2048, 1024))],
)
def test_a_frame_is_even_and_bounded(size, frame):
    """H.264 has even sides; whatever a video's header states, no side is over 2048."""
    assert scene(1, size, 25).frame == frame
