"""Videos as files, how they are kept, and what there is without PyAV."""

import struct
import threading
from io import BytesIO
from types import SimpleNamespace

import pytest

from emoji_mock.contract import samples
from emoji_mock.contract.geometry import Box
from emoji_mock.media.videos import Scene, cache
from emoji_mock.media.videos.cache import VideoCache, make

av = pytest.importorskip("av", reason="needs PyAV: pip install 'emoji-mock[video]'")
SCENE = Scene("https://example.com/me.png", Box(212, 194, 460, 441), Box(63, 30, 609, 575), "mengwa_kaixin", 1)


def scenes(number):
    """Return so many scenes that differ."""
    return [SCENE._replace(image_url=f"https://example.com/{place}.png") for place in range(number)]


def looked_at(video):
    """Return what PyAV finds in a video, and its frames."""
    with av.open(BytesIO(video)) as container:
        (stream,) = container.streams  # one, so there is no sound
        told = (stream.codec.name, stream.width, stream.height, stream.pix_fmt, stream.average_rate)
        seconds = container.duration / 1_000_000
        return told, seconds, [frame.to_image() for frame in container.decode(stream)]


def boxes(video):
    """Return the names of the boxes that an MP4 file consists of."""
    names, place = [], 0
    while place < len(video):
        size, name = struct.unpack(">I4s", video[place : place + 8])
        names.append(name.decode())
        place += size
    return names


def hold_to_the_contract(video, seconds):
    """Check what contract.md, section 5, says of a video."""
    told, length, frames = looked_at(video)
    assert told == ("h264", 512, 512, "yuv420p", 15)
    assert length == seconds
    assert len(frames) == 15 * seconds
    names = boxes(video)
    assert names[0] == "ftyp"
    assert names.index("moov") < names.index("mdat")  # so that a browser can begin before it has all
    return frames


@pytest.mark.slow
def test_a_video_is_what_the_vendor_documents():
    """MP4, H.264, 512 by 512, 15 fps, silent, as long as it should be, playable while it loads; and it moves."""
    frames = hold_to_the_contract(make(SCENE), 1)
    assert frames[0].tobytes() != frames[7].tobytes()


@pytest.mark.slow
def test_the_longest_video_has_room_for_its_index():
    """Five seconds end where they should, and more are not made."""
    hold_to_the_contract(make(SCENE._replace(seconds=9)), 5)


@pytest.mark.slow
def test_equal_scenes_make_equal_bytes():
    """Nothing in a video depends on when it was made."""
    assert make(SCENE) == make(SCENE)


@pytest.mark.parametrize("seconds", [1, 2, 3, 4, 5])
def test_without_pyav_there_is_a_video_of_the_same_length(monkeypatch, seconds):
    """A small file that was made before: under 60 kB, and as the contract has it."""
    monkeypatch.setattr(cache, "find_spec", lambda _: None)
    video = make(SCENE._replace(seconds=seconds))
    assert video == samples.video(seconds)
    assert len(video) < 60_000
    hold_to_the_contract(video, seconds)


def test_a_scene_is_made_once():
    """Equal scenes are made once, others for themselves."""
    made = []
    cache = VideoCache(lambda scene: made.append(scene) or b"video")
    assert [cache.make_video(scene) for scene in (*scenes(2), *scenes(2))] == [b"video"] * 4
    assert made == scenes(2)


def test_what_is_kept_is_bounded():
    """The video that was not asked for longest goes first; one that is larger than the room is not kept at all."""
    made = []
    sizes = dict(zip(scenes(4), (40, 40, 40, 101), strict=True))
    cache = VideoCache(lambda scene: made.append(scene) or bytes(sizes[scene]), room=100)
    first, second, third, large = scenes(4)
    for scene in (first, second, first, third, first, second, large, large):
        assert len(cache.make_video(scene)) == sizes[scene]
    assert made == [first, second, third, second, large, large]


def test_two_at_once_and_each_but_once():
    """However many ask for however many scenes, at most two are being made, and none twice."""
    state = SimpleNamespace(now=0, most=0, made=[])
    lock, gate = threading.Lock(), threading.Barrier(16)

    def making(scene):
        with lock:
            state.now += 1
            state.most = max(state.most, state.now)
            state.made.append(scene)
        threading.Event().wait(0.005)
        with lock:
            state.now -= 1
        return b"video"

    cache = VideoCache(making)

    def asking(scene):
        gate.wait(10)
        cache.make_video(scene)

    threads = [threading.Thread(target=asking, args=(scene,)) for scene in scenes(8) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert state.most <= 2
    assert sorted(state.made) == sorted(scenes(8))


def test_a_scene_that_cannot_be_made_does_not_block_the_next():
    """An error is the asker's, and the desk is free again."""

    def making(scene):
        if scene == SCENE:
            raise ValueError("broken")
        return b"video"

    cache = VideoCache(making)
    for _ in range(3):
        with pytest.raises(ValueError, match="broken"):
            cache.make_video(SCENE)
    assert [cache.make_video(scene) for scene in scenes(4)] == [b"video"] * 4
