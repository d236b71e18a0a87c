"""Tests of the cache of videos."""

import threading
from types import SimpleNamespace

import pytest

from emoji_mock.contract.geometry import Box
from emoji_mock.media.videos import Scene
from emoji_mock.media.videos.cache import VideoCache

SCENE = Scene("https://example.com/me.png", (Box(212, 194, 460, 441), Box(63, 30, 609, 575)), "mengwa_kaixin", 1)


def scenes(number):
    """Return so many scenes that differ."""
    return [SCENE._replace(image_url=f"https://example.com/{place}.png") for place in range(number)]


def test_a_scene_is_rendered_once():
    """Equal scenes are rendered once, others by themselves."""
    made = []
    cache = VideoCache(lambda scene: made.append(scene) or b"video")
    assert [cache.make_video(scene) for scene in (*scenes(2), *scenes(2))] == [b"video"] * 4
    assert made == scenes(2)


def test_the_cache_is_bounded():
    """The least recently used video is dropped first; one larger than the cache is not kept at all."""
    made = []
    sizes = dict(zip(scenes(4), (40, 40, 40, 101), strict=True))
    cache = VideoCache(lambda scene: made.append(scene) or bytes(sizes[scene]), max_bytes=100)
    first, second, third, large = scenes(4)
    for scene in (first, second, first, third, first, second, large, large):
        assert len(cache.make_video(scene)) == sizes[scene]
    assert made == [first, second, third, second, large, large]


def test_two_renderings_at_a_time_and_each_scene_once():
    """Many threads that ask for many scenes cause at most two renderings at a time, and none twice."""
    state = SimpleNamespace(now=0, most=0, made=[])
    lock, gate = threading.Lock(), threading.Barrier(16)

    def render(scene):
        with lock:
            state.now += 1
            state.most = max(state.most, state.now)
            state.made.append(scene)
        threading.Event().wait(0.005)
        with lock:
            state.now -= 1
        return b"video"

    cache = VideoCache(render)

    def ask(scene):
        gate.wait(10)
        cache.make_video(scene)

    threads = [threading.Thread(target=ask, args=(scene,)) for scene in scenes(8) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert state.most <= 2
    assert sorted(state.made) == sorted(scenes(8))


def test_a_failed_rendering_does_not_block_the_next():
    """The caller gets the exception, and the lock is released."""

    def render(scene):
        if scene == SCENE:
            raise ValueError("broken")
        return b"video"

    cache = VideoCache(render)
    for _ in range(3):
        with pytest.raises(ValueError, match="broken"):
            cache.make_video(SCENE)
    assert [cache.make_video(scene) for scene in scenes(4)] == [b"video"] * 4


def test_two_scenes_never_wait_for_each_other():
    """Any two scenes are rendered at the same time."""
    for pair in zip(scenes(20)[::2], scenes(20)[1::2], strict=True):
        both = threading.Barrier(2)
        cache = VideoCache(lambda _, both=both: str(both.wait(10)).encode())
        threads = [threading.Thread(target=cache.make_video, args=(scene,)) for scene in pair]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert not both.broken
