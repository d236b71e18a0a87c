"""The tasks of all namespaces keep no more than a bound."""

import pytest
from store_helpers import video_task

from emoji_mock.fake.store import task_queue


@pytest.mark.parametrize("field", ["image_url", "media_url"])
@pytest.mark.parametrize("clear", [False, True])
def test_the_urls_of_all_tasks_are_bounded(monkeypatch, clear, field):
    """The oldest go first for a picture or a file in a `data:` URL; what was cleared makes room."""
    monkeypatch.setattr(task_queue, "TASK_BYTES", 100_000)
    tasks = task_queue.TaskQueue()
    for name in ("a", "b"):
        tasks.add(video_task(name, **{field: "x" * 40_000}))
    if clear:
        tasks.clear("a")
    tasks.add(video_task("c", **{field: "x" * 55_000}))
    assert [kept.id for kept in tasks.of("a")] == (["c"] if clear else ["b", "c"])
