"""Tests of videos that show their frames again."""

from io import BytesIO

import pytest
from recording_files import mp4

from emoji_mock.contract import samples
from emoji_mock.media.recordings import measure
from emoji_mock.media.recordings.parts import BrokenRecordingError
from emoji_mock.media.videos.repetition import repeat

LOOP = samples.repeatable_video("speaking-512x704")
"""36 frames of 512 by 704 pixels."""


@pytest.mark.parametrize("frames", [1, 35, 36, 37, 72, 453, 7500])
@pytest.mark.parametrize("fps", [15, 24, 25, 30])
def test_a_video_becomes_as_long_as_it_should(frames, fps):
    """Its length is that of the frames at that rate, and it is hardly larger for it."""
    video = repeat(LOOP, frames, fps)
    assert measure(video) == ("video", "mp4", pytest.approx(frames / fps, abs=0.001), (512, 704), pytest.approx(fps))
    assert len(video) < len(LOOP) + 6 * frames + 2_000


def test_every_frame_is_decoded_as_the_first_time():
    """FFmpeg decodes all frames in order, at even times; each equals the one a loop earlier."""
    av = pytest.importorskip("av", reason="needs PyAV: pip install 'emoji-mock[video]'")
    with av.open(BytesIO(repeat(LOOP, 80, 25))) as container:
        frames = [(frame.time, frame.to_image().tobytes()) for frame in container.decode(video=0)]
    assert [time for time, _ in frames] == pytest.approx([number / 25 for number in range(80)])
    pictures = [picture for _, picture in frames]
    assert pictures[36:72] == pictures[:36]
    assert pictures[72:] == pictures[:8]
    assert len({*pictures[:36]}) > 30


def test_a_player_can_jump():
    """A jump to a later loop lands on the key frame that begins it."""
    av = pytest.importorskip("av", reason="needs PyAV: pip install 'emoji-mock[video]'")
    with av.open(BytesIO(repeat(LOOP, 7500, 25))) as container:
        container.seek(200_000_000)
        frame = next(container.decode(video=0))
    assert frame.key_frame
    assert 200 - 36 / 25 <= frame.time <= 200


@pytest.mark.parametrize("video", [b"", b"no video", LOOP[:200], mp4(), samples.video(1)[:5000]])
def test_another_file_is_not_repeated(video):
    """A file that is cut, or has no table of key frames, raises an error of our own."""
    with pytest.raises(BrokenRecordingError):
        repeat(video, 10, 25)
