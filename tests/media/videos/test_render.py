"""Tests of the files of videos, and of the videos without PyAV."""

import struct
from io import BytesIO

import pytest

from emoji_mock.contract import samples
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.media.recordings import measure
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
    """Five seconds, the longest video of emoji-v1, are complete and playable while they load."""
    check_video(render.render(SCENE._replace(seconds=5)), 5)


SPEAKER = SCENE._replace(driven_id="", seconds=18.13, fps=25)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "size", "fps", "frames"),
    [
        ({"size": Size(512, 704)}, (512, 704), 25, 453),
        ({"size": Size(720, 960), "fps": 24, "seconds": 180, "boxes": None}, (720, 960), 24, 4320),
        ({"size": Size(1081, 1920), "seconds": 4, "boxes": None}, (1080, 1920), 25, 100),
    ],
    ids=["EMO 3:4", "three minutes", "a large one of an odd width"],
)
def test_a_video_of_any_length_and_size(changes, size, fps, frames):
    """MP4, H.264, of that size and rate, as long as the frames say, playable while it loads, and small."""
    video = render.render(SPEAKER._replace(**changes))
    with av.open(BytesIO(video)) as container:
        (stream,) = container.streams
        assert (stream.codec.name, stream.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height, stream.average_rate, stream.frames) == (*size, fps, frames)
        assert container.duration == pytest.approx(frames / fps * 1_000_000, abs=1_000)
        shown = [frame.to_image() for _, frame in zip(range(fps), container.decode(stream), strict=False)]
    assert shown[0].tobytes() != shown[fps // 4].tobytes()
    names = boxes(video)
    assert (names[0], names.index("moov") < names.index("mdat")) == ("ftyp", True)
    assert len(video) < 150_000


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


@pytest.mark.parametrize(
    ("driven_id", "seconds", "size", "fps", "prepared", "frames"),
    [
        ("", 18.13, (512, 704), 25, (512, 704), 453),
        ("", 2, (512, 512), 25, (512, 512), 50),
        ("", 180, (720, 900), 24, (720, 960), 4320),
        ("", 4, (1080, 1920), 25, (1080, 1920), 100),
        ("animate-anyone-gen2", 9, (720, 1280), 25, (720, 1280), 225),
        ("animate-anyone-gen2", 9, (768, 1024), 25, (768, 1024), 225),
        ("", 1, (7000, 400), 30, (512, 512), 30),
    ],
)
def test_without_pyav_any_video_has_its_length_and_rate(monkeypatch, driven_id, seconds, size, fps, prepared, frames):
    """It was made before in the nearest shape, and shows its frames again."""
    monkeypatch.setattr(render, "find_spec", lambda _: None)
    video = render.render(SCENE._replace(driven_id=driven_id, seconds=seconds, size=Size(*size), fps=fps))
    assert len(video) < 100_000
    assert measure(video) == ("video", "mp4", pytest.approx(frames / fps, abs=0.001), prepared, pytest.approx(fps))
