"""Tasks in memory: one of a namespace runs at a time, and the others are queued behind it."""

from math import inf

from msgspec import structs

from emoji_mock._support.fork_safety import Locked
from emoji_mock.contract.motions import Status
from emoji_mock.fake.store.values import VideoTask

TASKS = 10_000
"""How many tasks are kept; the oldest are dropped."""
URL_BYTES = 64 * 1024 * 1024
"""How many characters the image URLs of all tasks may have together: a `data:` URL holds a whole picture."""


class TaskQueue(Locked):
    """Tasks in the order in which they were added. Safe from any thread."""

    def __init__(self) -> None:
        super().__init__()
        self._tasks: dict[str, VideoTask] = {}
        self._length = 0  # of all URLs together
        self._free: dict[str, float] = {}  # when the last task of a namespace ends

    def add(self, task: VideoTask) -> VideoTask:
        """Queue `task` behind the others of its namespace, and return it with the time at which it begins."""
        with self._lock:
            task = structs.replace(task, begins=max(task.created, self._free.get(task.namespace, 0.0)))
            self._tasks[task.id] = task
            self._free[task.namespace] = task.ends
            self._length += len(task.image_url)
            while len(self._tasks) > TASKS or self._length > URL_BYTES:
                oldest = self._drop(next(iter(self._tasks)))
                if oldest.ends >= self._free.get(oldest.namespace, inf):  # it was the namespace's last
                    del self._free[oldest.namespace]
            return task

    def get(self, task_id: str) -> VideoTask | None:
        """Return the task under `task_id`."""
        with self._lock:
            return self._tasks.get(task_id)

    def of(self, namespace: str) -> list[VideoTask]:
        """Return the tasks of `namespace`, oldest first."""
        with self._lock:
            return [task for task in self._tasks.values() if task.namespace == namespace]

    def cancel(self, task_id: str, namespace: str, now: float) -> bool:
        """Cancel a pending task of `namespace` and move up those behind it; return False if it is not pending."""
        with self._lock:
            task = self._tasks.get(task_id)
            if task is None or task.namespace != namespace or task.status(now) is not Status.PENDING:
                return False
            self._tasks[task_id] = structs.replace(task, cancelled=now)
            self._move_up(namespace, now)
            return True

    def clear(self, namespace: str | None = None) -> None:
        """Drop the tasks of `namespace`, or all."""
        with self._lock:
            for task in list(self._tasks.values()):
                if namespace in (None, task.namespace):
                    self._drop(task.id)
                    self._free.pop(task.namespace, None)

    def _drop(self, task_id: str) -> VideoTask:
        task = self._tasks.pop(task_id)
        self._length -= len(task.image_url)
        return task

    def _move_up(self, namespace: str, now: float) -> None:
        free = now
        for task in [task for task in self._tasks.values() if _is_queued(task, namespace)]:
            if task.status(now) is Status.PENDING:
                self._tasks[task.id] = structs.replace(task, begins=free)
            free = max(free, self._tasks[task.id].ends)
        self._free[namespace] = free


def _is_queued(task: VideoTask, namespace: str) -> bool:
    return task.namespace == namespace and task.cancelled is None
