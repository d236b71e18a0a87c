"""Tasks in memory: one of a namespace and model runs at a time, and the others are queued behind it."""

from collections import OrderedDict
from itertools import islice

from msgspec import structs

from emoji_mock._support.fork_safety import Locked
from emoji_mock.contract.documents.motions import Status
from emoji_mock.fake.accounting.shares import Shares, memory_of
from emoji_mock.fake.store.values import VideoTask

TASKS = 10_000
"""How many tasks are kept for all accounts, which share them (see Shares)."""
TASK_BYTES = 64 * 1024 * 1024
"""How many bytes of memory the tasks of all accounts may take: an image URL may hold a whole picture."""
_OVERHEAD = 1024  # bytes of a task beside its texts, at most


class TaskQueue(Locked):
    """Tasks in the order in which they were added. Safe from any thread."""

    def __init__(self) -> None:
        super().__init__()
        self._namespaces: dict[str, str] = {}  # by task
        self._tasks: dict[str, OrderedDict[str, VideoTask]] = {}  # by namespace, the oldest first
        self._free: dict[str, dict[str, float]] = {}  # by namespace: when the last task of a model ends
        self._shares = Shares(TASKS, TASK_BYTES)

    def add(self, task: VideoTask) -> VideoTask:
        """Queue `task` behind the others of its namespace and model, and return it with the time at which it begins."""
        with self._lock:
            free = self._free.get(task.namespace, {}).get(task.model, 0.0)
            task = structs.replace(task, begins=max(task.created, free))
            self._drop(task.id)
            self._namespaces[task.id] = task.namespace
            self._tasks.setdefault(task.namespace, OrderedDict())[task.id] = task
            self._free.setdefault(task.namespace, {})[task.model] = task.ends
            self._shares.add(task.namespace, size_of(task))
            while (namespace := self._shares.giving_way()) is not None:
                self._drop(next(iter(self._tasks[namespace])))
            return task

    def get(self, task_id: str) -> VideoTask | None:
        """Return the task under `task_id`."""
        with self._lock:
            return self._find(task_id)

    def of(self, namespace: str) -> list[VideoTask]:
        """Return the tasks of `namespace`, oldest first."""
        with self._lock:
            return [*self._tasks[namespace].values()] if namespace in self._tasks else []

    def latest(self, limit: int) -> list[VideoTask]:
        """Return the last `limit` tasks, newest first."""
        with self._lock:
            newest = islice(reversed(self._namespaces.items()), limit)
            return [self._tasks[namespace][task_id] for task_id, namespace in newest]

    def cancel(self, task_id: str, namespace: str, now: float) -> bool:
        """Cancel a pending task of `namespace` and move up those behind it; return False if it is not pending."""
        with self._lock:
            task = self._find(task_id)
            if task is None or task.namespace != namespace or task.status(now) is not Status.PENDING:
                return False
            self._tasks[namespace][task_id] = structs.replace(task, cancelled=now)
            self._move_up(namespace, task.model, now)
            return True

    def clear(self, namespace: str | None = None) -> None:
        """Drop the tasks of `namespace`, or all."""
        with self._lock:
            for owner in [*self._tasks] if namespace is None else [namespace]:
                for task_id in [*self._tasks.get(owner, ())]:
                    self._drop(task_id)

    def _find(self, task_id: str) -> VideoTask | None:
        namespace = self._namespaces.get(task_id)
        if namespace is None:
            return None
        self._shares.touch(namespace)
        return self._tasks[namespace][task_id]

    def _drop(self, task_id: str) -> None:
        namespace = self._namespaces.pop(task_id, None)
        if namespace is None:
            return
        mine = self._tasks[namespace]
        self._shares.remove(namespace, size_of(mine.pop(task_id)))
        if not mine:
            del self._tasks[namespace], self._free[namespace]

    def _move_up(self, namespace: str, model: str, now: float) -> None:
        free, mine = now, self._tasks[namespace]
        for task in [task for task in mine.values() if task.cancelled is None and task.model == model]:
            if task.status(now) is Status.PENDING:
                mine[task.id] = structs.replace(task, begins=free)
            free = max(free, mine[task.id].ends)
        self._free[namespace][model] = free


def size_of(task: VideoTask) -> int:
    """Return how many bytes of memory a task takes, at most."""
    urls = (task.image_url, task.media_url)
    texts = (task.id, task.key, task.request_id, task.model, *urls, task.driven_id, task.tier, task.failure)
    return _OVERHEAD + memory_of(texts)
