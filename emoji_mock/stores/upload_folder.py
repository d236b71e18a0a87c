"""Uploads as files in a folder, kept across restarts."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from emoji_mock._support.files import read, write
from emoji_mock.contract.catalogue import UnknownCodeError, find
from emoji_mock.fake.store.values import Upload

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LONGEST_FILE = 64 * 1024 * 1024  # bytes; twice what the storage takes


class UploadFolder:
    """Keep each upload as a file in `folder`, which is made if it is missing. Raises OSError.

    Keys come from outside, so a file is named by the hash of its key. Files of others in the folder are left alone.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def load_all(self) -> Iterator[Upload]:
        """Yield the uploads that an earlier process kept, oldest first."""
        paths = sorted(self._folder.glob("*.upload"), key=lambda path: path.lstat().st_mtime)
        for path in paths:  # one at a time, because all of them may be more than the memory holds
            if (upload := _read(path)) is not None and path == self._path(upload.key):
                yield upload

    def save(self, upload: Upload) -> None:
        """Write `upload`; a reader never finds half a file."""
        write(self._path(upload.key), msgspec.msgpack.encode(upload))

    def load(self, key: str) -> Upload | None:
        """Return the upload under `key`."""
        return _read(self._path(key))

    def drop(self, key: str) -> None:
        """Delete the upload under `key`, if there is one."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / f"{sha256(key.encode()).hexdigest()[:32]}.upload"


def _read(path: Path) -> Upload | None:
    with suppress(OSError, msgspec.MsgspecError, RecursionError, UnknownCodeError):
        upload = msgspec.msgpack.decode(read(path, _LONGEST_FILE), type=Upload)
        if upload.flaw:
            find(upload.flaw)
        return upload
    return None
