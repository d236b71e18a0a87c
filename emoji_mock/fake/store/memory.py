"""The store in memory: bounded, and safe from any thread."""

from emoji_mock._support.fork_safety import MadeWhenUsed
from emoji_mock._support.memory import return_freed_memory
from emoji_mock.fake.store.memory_journal import MemoryJournal
from emoji_mock.fake.store.memory_limits import MemoryLimits
from emoji_mock.fake.store.memory_rules import MemoryRules
from emoji_mock.fake.store.task_queue import TaskQueue
from emoji_mock.fake.store.upload_store import UploadBackend, UploadStore, as_upload
from emoji_mock.fake.store.values import Upload, UploadFacts, VideoTask

_MUCH = 1000  # entries; freed memory of fewer is used again soon


class MemoryStore(MemoryJournal, MemoryRules, MemoryLimits):
    """Implement Store in memory: `journal_size` entries, uploads of `upload_bytes` and pictures of `picture_bytes`.

    The bytes of uploads are in `upload_backend`, by default in memory as well. Rules, limits, journal and ledgers share
    one lock, so that a reset of them is atomic.
    """

    def __init__(
        self,
        journal_size: int = 10_000,
        upload_bytes: int = 64 * 1024 * 1024,
        upload_backend: UploadBackend | None = None,
        picture_bytes: int = 0,
    ) -> None:
        super().__init__(journal_size)
        self._upload_bytes, self._upload_backend, self._picture_bytes = upload_bytes, upload_backend, picture_bytes
        if upload_backend is not None:
            self.upload("")  # opens it now, as it may be unusable

    @MadeWhenUsed
    def _uploads(self) -> UploadStore:
        return UploadStore(self._upload_bytes, self._upload_backend)

    @MadeWhenUsed
    def _pictures(self) -> UploadStore:
        return UploadStore(self._picture_bytes)

    @MadeWhenUsed
    def _tasks(self) -> TaskQueue:
        return TaskQueue()

    def keep_upload(self, upload: Upload, *, now: float) -> bool:
        """Keep `upload`, and drop the oldest ones to make room; return False if its key is taken. Raises OSError."""
        return self._uploads.put(upload, now=now)

    def upload(self, key: str) -> Upload | None:
        """Return the upload under `key`."""
        return self._uploads.get(key)

    def latest_uploads(self, limit: int) -> list[UploadFacts]:
        """Return the last `limit` uploads, newest first."""
        return self._uploads.latest(limit)

    def keep_picture(self, namespace: str, digest: str, data: bytes) -> None:
        """Keep the picture file of a call of `namespace`, and drop the oldest ones to make room."""
        self._pictures.put(as_upload(namespace, digest, data), now=0.0)

    def picture(self, namespace: str, digest: str) -> bytes | None:
        """Return the picture file of `namespace` that has `digest`."""
        kept = self._pictures.get(as_upload(namespace, digest, b"").key)
        return None if kept is None else kept.data

    def add_task(self, task: VideoTask) -> VideoTask:
        """Queue `task` behind the others of its namespace, and return it with the time at which it begins."""
        return self._tasks.add(task)

    def task(self, task_id: str) -> VideoTask | None:
        """Return the task under `task_id`."""
        return self._tasks.get(task_id)

    def tasks(self, namespace: str) -> list[VideoTask]:
        """Return the tasks of `namespace`, oldest first."""
        return self._tasks.of(namespace)

    def latest_tasks(self, limit: int) -> list[VideoTask]:
        """Return the last `limit` tasks, newest first."""
        return self._tasks.latest(limit)

    def cancel_task(self, task_id: str, namespace: str, now: float) -> bool:
        """Cancel a pending task of `namespace` and move up those behind it; return False if it is not pending."""
        return self._tasks.cancel(task_id, namespace, now)

    def reset(self, namespace: str | None = None) -> None:
        """Clear rules, limits, journal, ledger, uploads, pictures and tasks of `namespace`, or of all."""
        for name in ("_uploads", "_pictures", "_tasks", "_limiter"):
            if (part := vars(self).get(name)) is not None:
                part.clear(namespace)
        with self._lock:
            self._remove_rules(namespace)
            self._remove_limits(namespace)
            removed = self._remove_entries(namespace)
        if removed >= _MUCH:
            return_freed_memory()
