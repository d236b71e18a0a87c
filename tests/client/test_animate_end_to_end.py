"""Tests from portrait to video against the fake: in the process and on a socket, sync and async."""

from functools import partial

import anyio
import pytest
from helpers import picture

from emoji_mock.client import (
    AsyncEmojiDetect,
    CallLimits,
    EmojiDetect,
    NoVideoError,
    RequestError,
    TaskFailedError,
    Timing,
)

ME = "https://example.com/me.png"


class Driver:
    """Either client behind one interface; the asynchronous one is opened anew in the event loop of each call."""

    def __init__(self, *args, is_async, **named):
        made = AsyncEmojiDetect if is_async else EmojiDetect
        self.is_async, self.make = is_async, partial(made, *args, **named)

    def __getattr__(self, name):
        return partial(self._asynchronously if self.is_async else self._synchronously, name)

    def _synchronously(self, name, *args, **named):
        with self.make() as client:
            return getattr(client, name)(*args, **named)

    def _asynchronously(self, name, *args, **named):
        async def go():
            async with self.make() as client:
                return await getattr(client, name)(*args, **named)

        return anyio.run(go)


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def is_async(request):
    """Both kinds of client."""
    return request.param


def timing_of(clock, is_async):
    """Return timing by the fake's clock, which a wait advances."""

    async def sleep(seconds):
        clock.advance(seconds)

    return Timing(clock=clock, now=clock, sleep=sleep if is_async else clock.advance)


@pytest.fixture
def frozen(emoji_api, is_async):
    """A client of the fake at the vendor's address, on a clock that only waiting moves."""
    emoji_api.clock.freeze()
    return Driver("sk-mock-me", is_async=is_async, timing=timing_of(emoji_api.clock, is_async))


@pytest.fixture
def portrait(tmp_path):
    """A picture file."""
    path = tmp_path / "me.png"
    path.write_bytes(picture())
    return path


def test_the_fixture_gets_a_video(emoji_client, emoji_api, portrait, tmp_path):
    """`emoji_client` goes through all steps without delay."""
    task = emoji_client.animate(emoji_client.detect(portrait), "mengwa_kaixin")
    path = emoji_client.download(emoji_client.wait(task), tmp_path / "me.mp4")
    assert path.read_bytes()[4:8] == b"ftyp"
    assert emoji_api.ledger.images == 1


@pytest.mark.emoji(time_scale=1)
def test_the_fixture_waits_without_delay(emoji_client, emoji_api):
    """A wait of the fixture advances the fake's clock."""
    task = emoji_client.animate(emoji_client.detect(ME), "mengwa_kaixin")
    before, states = emoji_api.clock(), []
    emoji_client.wait(task, progress=states.append)
    assert 60 <= emoji_api.clock() - before <= 330
    assert {each.status for each in states} == {"RUNNING", "SUCCEEDED"}


@pytest.mark.emoji(time_scale=1)
def test_in_the_process(frozen, emoji_api, portrait, tmp_path):
    """With one to five minutes on a frozen clock, the client polls rarely, and at most once a second."""
    passed = frozen.detect(portrait)
    task = frozen.animate(passed, "dagong_wunai")
    states = []
    video = frozen.wait(task, progress=states.append)
    assert 60 <= (states[-1].ended - states[-1].submitted).total_seconds() <= 300
    assert 8 <= len(states) <= 24
    assert frozen.download(video, tmp_path / "me.mp4").read_bytes()[4:8] == b"ftyp"
    assert [call.outcome for call in emoji_api.calls[:6]] == ["done", "done", "passed", "done", "done", "done"]


@pytest.mark.emoji(time_scale=1)
def test_a_second_task_is_pending(frozen):
    """The second task is PENDING while the first runs; it can be cancelled, the first cannot."""
    passed = frozen.detect(ME)
    first, second = frozen.animate(passed, "mengwa_kaixin"), frozen.animate(passed, "jingdian_lei")
    assert [frozen.task(task.id).status for task in (first, second)] == ["RUNNING", "PENDING"]
    with pytest.raises(RequestError, match="confirm if the task is in PENDING status"):
        frozen.cancel(first)
    frozen.cancel(second)
    with pytest.raises(NoVideoError, match="was cancelled"):
        frozen.wait(second)


@pytest.mark.emoji(time_scale=1)
def test_tasks_and_links_expire(frozen, emoji_api, tmp_path):
    """After a day neither the task nor its link is valid."""
    task = frozen.animate(frozen.detect(ME), "mengwa_kaixin")
    video = frozen.wait(task)
    emoji_api.clock.advance(24 * 3600 + 1)  # the second of its end is a good one
    with pytest.raises(NoVideoError, match="unknown task"):
        frozen.wait(task)
    with pytest.raises(RequestError, match="Request has expired"):
        frozen.download(video, tmp_path / "me.mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_task_that_fails(frozen, emoji_api):
    """A code that fails a detection fails a task."""
    passed = frozen.detect(ME)
    emoji_api.fails("FacePose")
    task = frozen.animate(passed, "mengwa_kaixin")
    with pytest.raises(TaskFailedError, match="with the expected oriention") as caught:
        frozen.wait(task)
    assert caught.value.code == "InvalidFile.FacePose"


def test_a_throttled_creation_is_retried(frozen, emoji_api):
    """A retried creation makes one task."""
    passed = frozen.detect(ME)
    emoji_api.when(model="emoji-v1").errors("RateQuota", times=2)
    frozen.wait(frozen.animate(passed, "mengwa_kaixin"))
    created = [call for call in emoji_api.calls if call.target.endswith("/video-synthesis")]
    assert [call.status for call in created] == [429, 429, 200]


@pytest.mark.parametrize("pauses", [0, pytest.param(3, marks=[pytest.mark.slow, pytest.mark.emoji(time_scale=0.01)])])
def test_on_a_socket(emoji_server, is_async, portrait, tmp_path, pauses):
    """The server is also the storage; the client does not wait 15 seconds for a video of a second or three."""
    client = Driver("sk-mock-me", is_async=is_async, base_url=emoji_server.url, limits=CallLimits(video_deadline=60))
    task = client.animate(client.detect(portrait), "mengwa_kaixin")
    states = []
    path = client.download(client.wait(task, progress=states.append), tmp_path / "me.mp4")
    assert path.read_bytes()[4:8] == b"ftyp"
    assert len(states) <= 1 + pauses  # at 0, 1, 3 and 7 seconds
