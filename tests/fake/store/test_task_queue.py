"""The tasks of every account, and the bound on what they keep."""

import pytest

from emoji_mock.contract.geometry import Box
from emoji_mock.fake.store import task_queue
from emoji_mock.fake.store.values import VideoTask


def task(name, image_url):
    """Return a task of a minute."""
    return VideoTask(
        id=name, namespace="test", key="key:000000000000", request_id=name, model="emoji-v1", image_url=image_url,
        driven_id="mengwa_kaixin", face=Box(1, 1, 2, 2), ext=Box(0, 0, 3, 3), created=0.0, takes=60.0, video_seconds=1,
    )  # fmt: skip


@pytest.mark.parametrize("clear", [False, True])
def test_what_the_urls_of_tasks_take_together_is_bounded(monkeypatch, clear):
    """The oldest go first for a picture in a `data:` URL; what was cleared makes room."""
    monkeypatch.setattr(task_queue, "URL_BYTES", 100)
    tasks = task_queue.TaskQueue()
    for name in ("a", "b"):
        tasks.add(task(name, "x" * 40))
    if clear:
        tasks.clear("test")
    tasks.add(task("c", "x" * 60))
    assert [kept.id for kept in tasks.of("test")] == (["c"] if clear else ["b", "c"])
