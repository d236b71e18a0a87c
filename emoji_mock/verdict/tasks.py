"""Facts about video tasks, as far as the caller knows them from answers."""

from collections.abc import Iterable

import msgspec

from emoji_mock.contract.documents.motions import Status
from emoji_mock.contract.endpoint import TASKS
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.journal import Entry
from emoji_mock.verdict.entries import path_of

_WITHOUT_VIDEO = (Status.FAILED, Status.CANCELED)
_CANCEL = "/cancel"


class _Output(msgspec.Struct):
    task_id: str
    task_status: str


class _TaskDocument(msgspec.Struct):
    output: _Output


def created_task_id(entry: Entry) -> str:
    """Return the id of the task that a video request created, or an empty string."""
    document = _read(entry)
    return document.output.task_id if document else ""


def tasks_without_video(entries: Iterable[Entry]) -> dict[str, int]:
    """Return the ids of failed and cancelled tasks, with the number of the exchange that said so.

    To request such a video again does not pay for anything twice.
    """
    ended: dict[str, int] = {}
    for entry in entries:
        if entry.outcome is not Outcome.DONE or not path_of(entry).startswith(f"{TASKS}/"):
            continue
        if path_of(entry).endswith(_CANCEL):
            ended.setdefault(path_of(entry).split("/")[2], entry.number)
        elif (document := _read(entry)) and document.output.task_status in _WITHOUT_VIDEO:
            ended.setdefault(document.output.task_id, entry.number)
    return ended


def _read(entry: Entry) -> _TaskDocument | None:
    try:
        return msgspec.json.decode(entry.response_body, type=_TaskDocument)
    except (msgspec.MsgspecError, UnicodeError):
        return None  # cut by the journal, damaged, or not about a task
