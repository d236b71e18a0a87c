"""Uploads within a bound in bytes, the oldest dropped first; a backend keeps their bytes."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from emoji_mock._support.fork_safety import Locked
from emoji_mock.fake.store.values import Upload

UPLOADS = 10_000
"""How many uploads are kept, however small."""


class UploadBackend(Protocol):
    """Keeps the bytes of uploads. UploadStore calls it under a lock."""

    def load_all(self) -> Iterable[Upload]:
        """Return the uploads that an earlier process kept, oldest first."""
        ...

    def save(self, upload: Upload) -> None:
        """Keep `upload` under its key. Raises OSError."""
        ...

    def load(self, key: str) -> Upload | None:
        """Return the upload under `key`."""
        ...

    def drop(self, key: str) -> None:
        """Delete the upload under `key`, if there is one. Raises OSError."""
        ...


class MemoryUploads:
    """Keeps uploads in memory until the process ends."""

    def __init__(self) -> None:
        self._uploads: dict[str, Upload] = {}

    def load_all(self) -> Iterable[Upload]:
        """Return nothing: no earlier process kept any."""
        return ()

    def save(self, upload: Upload) -> None:
        """Keep `upload` under its key."""
        self._uploads[upload.key] = upload

    def load(self, key: str) -> Upload | None:
        """Return the upload under `key`."""
        return self._uploads.get(key)

    def drop(self, key: str) -> None:
        """Delete the upload under `key`, if there is one."""
        self._uploads.pop(key, None)


class _Label(NamedTuple):
    """What is known of an upload without loading it; `size` is in bytes."""

    namespace: str
    until: float
    size: int


class UploadStore(Locked):
    """Uploads of at most `room` bytes together, kept by `backend`. Safe from any thread. Raises OSError."""

    def __init__(self, room: int, backend: UploadBackend | None = None) -> None:
        super().__init__()
        self._room = room
        self._labels: dict[str, _Label] = {}
        self._bytes = 0
        self._backend: UploadBackend = MemoryUploads() if backend is None else backend
        for upload in self._backend.load_all():
            if len(upload.data) <= room:
                self._label(upload)
            else:
                self._backend.drop(upload.key)

    def put(self, upload: Upload, *, now: float) -> bool:
        """Keep `upload`, and drop the oldest ones to make room; return False if its key is taken at `now`.

        A file that is larger than the whole room drops nothing and is not kept.
        """
        with self._lock:
            existing = self._labels.get(upload.key)
            if existing is not None and existing.until > now:
                return False
            self._drop(upload.key)
            if len(upload.data) <= self._room:
                self._backend.save(upload)
                self._label(upload)
            return True

    def get(self, key: str) -> Upload | None:
        """Return the upload under `key`, even if its time is over."""
        with self._lock:
            return self._backend.load(key) if key in self._labels else None

    def clear(self, namespace: str | None = None) -> None:
        """Drop the uploads of `namespace`, or all."""
        with self._lock:
            for key in [key for key, label in self._labels.items() if namespace in (None, label.namespace)]:
                self._drop(key)

    def _label(self, upload: Upload) -> None:
        self._labels[upload.key] = _Label(upload.namespace, upload.until, len(upload.data))
        self._bytes += len(upload.data)
        while self._bytes > self._room or len(self._labels) > UPLOADS:
            self._drop(next(iter(self._labels)))

    def _drop(self, key: str) -> None:
        dropped = self._labels.pop(key, None)
        if dropped is not None:
            self._bytes -= dropped.size
            self._backend.drop(key)
