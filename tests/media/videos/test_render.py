"""Tests of the files of videos, and of the videos without PyAV."""

import struct
from io import BytesIO

import pytest

from emoji_mock.contract import samples
from emoji_mock.contract.geometry import Box
from emoji_mock.media.videos import Scene, render

av = pytest.importorskip("av", reason="needs PyAV: pip install 'emoji-mock[video]'")
SCENE = Scene("https://example.com/me.png", (Box(212, 194, 460, 441), Box(63, 30, 609, 575)), "mengwa_kaixin", 1)


def probe(video):
    """Return the properties of a video, its length in seconds, and its frames."""
    with av.open(BytesIO(video)) as container:
        (stream,) = container.streams  # one, so there is no sound
        properties = (stream.codec.name, stream.width, stream.height, stream.pix_fmt, stream.average_rate)
        seconds = container.duration / 1_000_000
        return properties, seconds, [frame.to_image() for frame in container.decode(stream)]


def boxes(video):
    """Return the names of the boxes of an MP4 file, in order."""
    names, place = [], 0
    while place < len(video):
        size, name = struct.unpack(">I4s", video[place : place + 8])
        names.append(name.decode())
        place += size
    return names


def check_video(video, seconds):
    """Check that a video is as the vendor documents it, and return its frames."""
    properties, length, frames = probe(video)
    assert properties == ("h264", 512, 512, "yuv420p", 15)
    assert length == seconds
    assert len(frames) == 15 * seconds
    names = boxes(video)
    assert names[0] == "ftyp"
    assert names.index("moov") < names.index("mdat")  # so that a browser can play while it loads
    return frames


@pytest.fixture(scope="module")
def video():
    """The video of `SCENE`."""
    return render.render(SCENE)


@pytest.mark.slow
def test_a_video_is_what_the_vendor_documents(video):
    """MP4, H.264, 512 by 512, 15 fps, silent, as long as it should be, playable while it loads; and it moves."""
    frames = check_video(video, 1)
    assert frames[0].tobytes() != frames[7].tobytes()


@pytest.mark.slow
def test_the_longest_video_leaves_room_for_its_index():
    """Five seconds, the longest video, are complete and playable while they load."""
    check_video(render.render(SCENE._replace(seconds=9)), 5)


@pytest.mark.slow
def test_equal_scenes_make_equal_bytes(video):
    """A video depends on its scene alone, not on the time."""
    assert render.render(SCENE) == video


@pytest.mark.parametrize("seconds", [1, 2, 3, 4, 5])
def test_without_pyav_there_is_a_video_of_the_same_length(monkeypatch, seconds):
    """It was made before, has under 60 kB, and is as the vendor documents."""
    monkeypatch.setattr(render, "find_spec", lambda _: None)
    video = render.render(SCENE._replace(seconds=seconds))
    assert video == samples.video(seconds)
    assert len(video) < 60_000
    check_video(video, seconds)
