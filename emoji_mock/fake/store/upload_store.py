"""Uploads within bounds in bytes, which accounts share; a backend keeps their bytes."""

from collections import OrderedDict
from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple, Protocol

from emoji_mock._support.fork_safety import Locked
from emoji_mock.fake.accounting.shares import Shares, memory_of
from emoji_mock.fake.store.values import Upload, UploadFacts

UPLOADS = 10_000
"""How many uploads are kept for all accounts, which share them (see Shares)."""
LABEL_BYTES = 2 * 1024
"""How many bytes of memory an upload may take beside its file; one with a longer key takes several of UPLOADS."""
_OVERHEAD = 1024  # bytes of an upload beside its file and its texts, at most


def places_of(upload: Upload) -> int:
    """Return how many of UPLOADS an upload takes."""
    texts = (upload.key, upload.model, upload.namespace, upload.flaw)
    return -(-(_OVERHEAD + memory_of(texts)) // LABEL_BYTES)


def facts_of(upload: Upload) -> UploadFacts:
    """Return what is known of an upload without its file."""
    return UploadFacts(
        key=upload.key,
        model=upload.model,
        namespace=upload.namespace,
        until=upload.until,
        length=len(upload.data),
        size=upload.size,
        flaw=upload.flaw,
    )


def as_upload(namespace: str, digest: str, data: bytes) -> Upload:
    """Return a picture as the upload that a store keeps of it.

    Its time is over at once, so that the same picture replaces it and is the newest.
    """
    key = f"{namespace} {digest}"
    return Upload(key=key, model="", namespace=namespace, until=0.0, data=data, size=None, flaw="")


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
    """What is known of an upload without loading it, and how many of UPLOADS it takes."""

    facts: UploadFacts
    places: int


class UploadStore(Locked):
    """Uploads of at most `room` bytes together, kept by `backend`. Safe from any thread. Raises OSError."""

    def __init__(self, room: int, backend: UploadBackend | None = None) -> None:
        super().__init__()
        self._room = room
        self._labels: dict[str, _Label] = {}
        self._keys: dict[str, OrderedDict[str, None]] = {}  # by namespace, the oldest first
        self._shares = Shares(UPLOADS, room)
        self._backend: UploadBackend = MemoryUploads() if backend is None else backend
        for upload in self._backend.load_all():
            if len(upload.data) <= room:
                self._label(upload)
            else:
                self._backend.drop(upload.key)

    def put(self, upload: Upload, *, now: float) -> bool:
        """Keep `upload`, and drop older ones to make room; return False if its key is taken at `now`.

        A file that is larger than the whole room drops nothing and is not kept.
        """
        with self._lock:
            existing = self._labels.get(upload.key)
            if existing is not None and existing.facts.until > now:
                return False
            self._drop(upload.key)
            if len(upload.data) <= self._room:
                self._backend.save(upload)
                self._label(upload)
            return True

    def get(self, key: str) -> Upload | None:
        """Return the upload under `key`, even if its time is over."""
        with self._lock:
            label = self._labels.get(key)
            if label is None:
                return None
            self._shares.touch(label.facts.namespace)
            return self._backend.load(key)

    def latest(self, limit: int) -> list[UploadFacts]:
        """Return the last `limit` uploads, newest first, without loading their files."""
        with self._lock:
            return [label.facts for label in islice(reversed(self._labels.values()), limit)]

    def clear(self, namespace: str | None = None) -> None:
        """Drop the uploads of `namespace`, or all."""
        with self._lock:
            for owner in [*self._keys] if namespace is None else [namespace]:
                for key in [*self._keys.get(owner, ())]:
                    self._drop(key)

    def _label(self, upload: Upload) -> None:
        places = places_of(upload)
        self._labels[upload.key] = _Label(facts_of(upload), places)
        self._keys.setdefault(upload.namespace, OrderedDict())[upload.key] = None
        self._shares.add(upload.namespace, len(upload.data), places)
        while (namespace := self._shares.giving_way()) is not None:
            self._drop(next(iter(self._keys[namespace])))

    def _drop(self, key: str) -> None:
        dropped = self._labels.pop(key, None)
        if dropped is None:
            return
        namespace = dropped.facts.namespace
        keys = self._keys[namespace]
        del keys[key]
        if not keys:
            del self._keys[namespace]
        self._shares.remove(namespace, dropped.facts.length, dropped.places)
        self._backend.drop(key)
