"""Uploads and pictures in the engine: the same files, under two names."""

from __future__ import annotations

from functools import cached_property
from secrets import token_bytes
from typing import TYPE_CHECKING

import msgspec
from msgspec import structs

from emoji_mock.fake.store.upload_store import UPLOADS, as_upload, facts_of, places_of
from emoji_mock.fake.store.values import Upload
from emoji_mock.stores.copies import Copies
from emoji_mock.stores.valkey.connections.lua_script import LuaScript

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.fake.store.values import UploadFacts
    from emoji_mock.stores.valkey.engine import Engine

COPIED_BYTES = 32 * 1024 * 1024
"""How many bytes of uploads a replica keeps copies of; the engine says whether a copy is still what it has."""
SENT_AT_ONCE = 16 * 1024
"""Up to how many bytes a file is sent with the question for it, in either direction."""

_KEEP = LuaScript("keep_file", ("shares", "kept"))
_FIND = LuaScript("find_file", ("shares", "kept"))
_LATEST = LuaScript("latest_files", ("shares", "kept"), only_reads=True)
_TAKEN, _WANTED = 0, 2
_WITHOUT_BYTES = 2  # values of a reply that leaves the bytes out
_UPLOADS, _PICTURES = ("uploads", "upload_bytes"), ("pictures", "kept_picture_bytes")
_encode = msgspec.msgpack.Encoder().encode
_decode: Callable[[bytes], tuple[Upload, int]] = msgspec.msgpack.Decoder(tuple[Upload, int]).decode


class ValkeyUploads:
    """Implement UploadsPort and PicturesPort in an engine, with the bounds and the fairness of those in memory."""

    _engine: Engine

    @cached_property
    def _upload_copies(self) -> Copies[Upload]:
        return Copies(COPIED_BYTES)

    def keep_upload(self, upload: Upload, *, now: float) -> bool:
        """Keep `upload`, and drop the oldest ones to make room; return False if its key is taken at `now`."""
        version = token_bytes(8)
        is_done = self._keep(_UPLOADS, upload, now, version)
        if is_done:
            self._copy(upload, version)
        return is_done

    def upload(self, key: str) -> Upload | None:
        """Return the upload under `key`, even if its time is over."""
        copy = self._upload_copies.find(key)
        found = self._find("uploads", key, copy.version if copy else b"")
        if found is None:
            return None
        version, *sent = found
        if copy and not sent:
            return copy.value
        facts, data = sent
        upload = structs.replace(_decode(facts)[0], data=data)
        self._copy(upload, version)
        return upload

    def latest_uploads(self, limit: int) -> list[UploadFacts]:
        """Return the last `limit` uploads of all namespaces, newest first."""
        if limit < 1:
            return []
        known = map(_decode, self._engine.run(_LATEST, "uploads", limit))
        return [structs.replace(facts_of(upload), length=length) for upload, length in known]

    def keep_picture(self, namespace: str, digest: str, data: bytes) -> None:
        """Keep the picture file of a call of `namespace`, and drop the oldest ones to make room."""
        picture = as_upload(namespace, digest, data)
        if len(data) <= SENT_AT_ONCE:
            self._engine.post(_KEEP, *_arguments(_PICTURES, picture, 0.0, picture.key.encode()), data)
        else:
            self._keep(_PICTURES, picture, 0.0, picture.key.encode())

    def picture(self, namespace: str, digest: str) -> bytes | None:
        """Return the picture file of `namespace` that has `digest`."""
        found = self._find("pictures", as_upload(namespace, digest, b"").key)
        return None if found is None else found[2]

    def _copy(self, upload: Upload, version: bytes) -> None:
        """Keep a copy of a file that would be sent by itself."""
        if len(upload.data) > SENT_AT_ONCE:
            self._upload_copies.keep(upload.key, version, upload, len(upload.data))

    def _find(self, what: str, key: str, known: bytes = b"") -> list[bytes] | None:
        """Return version, facts and bytes of a file, the version alone if it is the one that is known."""
        reply: list[bytes] | None = self._engine.run(_FIND, what, key, known, SENT_AT_ONCE)
        if reply is None or len(reply) != _WITHOUT_BYTES:
            return reply
        data = self._engine.read_field(f"{what}:data", reply[0])
        return self._find(what, key) if data is None else [*reply, data]  # None: it was replaced or dropped just now

    def _keep(self, place: tuple[str, str], upload: Upload, now: float, version: bytes) -> bool:
        """Return whether the key is free; the bytes of a large file are sent only if they will be kept."""
        arguments = _arguments(place, upload, now, version)
        reply = _WANTED
        if len(upload.data) > SENT_AT_ONCE:
            reply = self._engine.run(_KEEP, *arguments)
        if reply == _WANTED:
            reply = self._engine.run(_KEEP, *arguments, upload.data)
        return bool(reply != _TAKEN)


def _arguments(
    place: tuple[str, str], upload: Upload, now: float, version: bytes
) -> tuple[str | bytes | int | float, ...]:
    length = len(upload.data)
    bounds = length, places_of(upload), UPLOADS
    facts = _encode((structs.replace(upload, data=b""), length))
    return (*place, upload.key, upload.namespace, now, upload.until, *bounds, version, facts)
