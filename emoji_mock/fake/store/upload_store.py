"""Where uploaded pictures lie: in memory or in a folder, within a bound, the oldest first to go."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple, Protocol

import msgspec

from emoji_mock._support.files import read, write
from emoji_mock._support.fork_safety import Locked
from emoji_mock.contract.catalogue import UnknownCodeError, find
from emoji_mock.fake.store.upload import Upload

if TYPE_CHECKING:
    from pathlib import Path

UPLOADS = 10_000
"""How many uploads are kept at the most, however small."""
_LONGEST_FILE = 64 * 1024 * 1024  # twice what the storage takes


class UploadBackend(Protocol):
    """Holds uploads by their keys."""

    def save(self, upload: Upload) -> None:
        """Hold `upload`."""
        ...

    def load(self, key: str) -> Upload | None:
        """Return the upload under `key`."""
        ...

    def drop(self, key: str) -> None:
        """Let go of it."""
        ...


class MemoryUploads:
    """Uploads in memory, gone with the process."""

    def __init__(self) -> None:
        self._uploads: dict[str, Upload] = {}

    def save(self, upload: Upload) -> None:
        """Hold `upload`."""
        self._uploads[upload.key] = upload

    def load(self, key: str) -> Upload | None:
        """Return the upload under `key`."""
        return self._uploads.get(key)

    def drop(self, key: str) -> None:
        """Let go of it."""
        self._uploads.pop(key, None)


class UploadFolder:
    """Uploads as files, there again after a restart. No name from outside becomes a file name. Raises OSError."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def save(self, upload: Upload) -> None:
        """Hold `upload`; a reader never sees half a file."""
        write(self._path(upload.key), msgspec.msgpack.encode(upload))

    def load(self, key: str) -> Upload | None:
        """Return the upload under `key`."""
        return _read(self._path(key))

    def drop(self, key: str) -> None:
        """Let go of it."""
        self._path(key).unlink(missing_ok=True)

    def found(self) -> list[Upload]:
        """Return what an earlier process has left, the oldest first; what is no upload stays untouched."""
        paths = sorted(self._folder.glob("*.upload"), key=lambda path: path.lstat().st_mtime)
        return [upload for path in paths if (upload := _read(path)) is not None and path == self._path(upload.key)]

    def _path(self, key: str) -> Path:
        return self._folder / f"{sha256(key.encode()).hexdigest()[:32]}.upload"


def _read(path: Path) -> Upload | None:
    with suppress(OSError, msgspec.MsgspecError, RecursionError, UnknownCodeError):
        upload = msgspec.msgpack.decode(read(path, _LONGEST_FILE), type=Upload)
        if upload.flaw:
            find(upload.flaw)
        return upload
    return None


class _Label(NamedTuple):
    """What the shelf knows of an upload without looking at it."""

    namespace: str
    until: float
    size: int


class UploadStore(Locked):
    """Uploads of at most `room` bytes together, in memory or in `folder`; safe from any thread. Raises OSError."""

    def __init__(self, room: int, folder: Path | None = None) -> None:
        self._room = room
        super().__init__()
        self._labels: dict[str, _Label] = {}
        self._bytes = 0
        self._keeping: UploadBackend = MemoryUploads()
        if folder is not None:
            self._keeping = kept = UploadFolder(folder)
            for upload in kept.found():
                if len(upload.data) <= room:
                    self._label(upload)
                else:
                    kept.drop(upload.key)

    def put(self, upload: Upload, *, now: float) -> bool:
        """Keep `upload` and drop the oldest for it; say no if its key is taken.

        For one that fits nowhere nothing is dropped, and it is not kept.
        """
        with self._lock:
            there = self._labels.get(upload.key)
            if there is not None and there.until > now:
                return False
            self._drop(upload.key)
            if len(upload.data) <= self._room:
                self._keeping.save(upload)
                self._label(upload)
            return True

    def get(self, key: str) -> Upload | None:
        """Return the upload under `key`."""
        with self._lock:
            return self._keeping.load(key) if key in self._labels else None

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
        gone = self._labels.pop(key, None)
        if gone is not None:
            self._bytes -= gone.size
            self._keeping.drop(key)
