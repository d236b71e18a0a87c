"""Video tasks in the engine."""

from __future__ import annotations

from functools import cached_property
from secrets import token_bytes
from typing import TYPE_CHECKING

import msgspec
from msgspec import structs

from emoji_mock.contract.endpoint import TASK_SECONDS
from emoji_mock.fake.store.task_queue import TASK_BYTES, TASKS, size_of
from emoji_mock.fake.store.values import VideoTask
from emoji_mock.stores.copies import Copies
from emoji_mock.stores.valkey.connections.lua_script import LuaScript

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from emoji_mock.stores.valkey.engine import Engine

COPIED_BYTES = 16 * 1024 * 1024
"""How many bytes of tasks a replica keeps copies of, which are asked for again and again until they are done."""
COPIED_FROM = 16 * 1024
"""A copy is kept of a task that takes more bytes: its URL holds a file."""

_INCLUDES = ("shares", "kept", "task_records")
_ADD = LuaScript("add_task", _INCLUDES)
_FIND = LuaScript("find_task", _INCLUDES)
_LIST = LuaScript("list_tasks", _INCLUDES, only_reads=True)
_LATEST = LuaScript("latest_tasks", _INCLUDES, only_reads=True)
_CANCEL = LuaScript("cancel_task", _INCLUDES)
_encode = msgspec.msgpack.Encoder().encode
_decode: Callable[[bytes], VideoTask] = msgspec.msgpack.Decoder(VideoTask).decode


class ValkeyTasks:
    """Implement TasksPort in an engine, with the bounds and the fairness of tasks in memory."""

    _engine: Engine

    @cached_property
    def _task_copies(self) -> Copies[VideoTask]:
        return Copies(COPIED_BYTES)

    def add_task(self, task: VideoTask) -> VideoTask:
        """Queue `task` behind the others of its namespace, and return it with the time at which it begins."""
        times, bounds = (task.created, task.takes), (size_of(task), TASKS, TASK_BYTES)
        begins = self._engine.run(
            _ADD, task.id, task.namespace, task.model, *times, *bounds, token_bytes(8), _encode(task)
        )
        return structs.replace(task, begins=float(begins))

    def task(self, task_id: str) -> VideoTask | None:
        """Return the task under `task_id`."""
        copy = self._task_copies.find(task_id)
        reply = self._engine.run(_FIND, task_id, copy.version if copy else b"", COPIED_FROM)
        if reply is None:
            return None
        version, begins, cancelled, *sent = reply
        if copy and copy.version == version:
            return _with_times(copy.value, begins, cancelled)
        if sent:
            return _with_times(_decode(sent[0]), begins, cancelled)
        data = self._engine.read_field("tasks:data", version)
        if data is None:
            return self.task(task_id)  # it was replaced or dropped just now
        task = _decode(data)
        self._task_copies.keep(task_id, version, task, len(data))
        return _with_times(task, begins, cancelled)

    def tasks(self, namespace: str) -> list[VideoTask]:
        """Return the tasks of `namespace`, oldest first."""
        return _tasks(self._engine.run(_LIST, namespace))

    def latest_tasks(self, limit: int) -> list[VideoTask]:
        """Return the last `limit` tasks of all namespaces, newest first."""
        return _tasks(self._engine.run(_LATEST, limit)) if limit > 0 else []

    def cancel_task(self, task_id: str, namespace: str, now: float) -> bool:
        """Cancel a pending task of `namespace` and move up those behind it; return False if it is not pending."""
        return bool(self._engine.run(_CANCEL, task_id, namespace, now, TASK_SECONDS))


def _tasks(values: Sequence[bytes]) -> list[VideoTask]:
    each = zip(values[::3], values[1::3], values[2::3], strict=True)
    return [_with_times(_decode(data), begins, cancelled) for data, begins, cancelled in each]


def _with_times(task: VideoTask, begins: bytes, cancelled: bytes) -> VideoTask:
    return structs.replace(task, begins=float(begins), cancelled=float(cancelled) if cancelled else None)
