"""What a caller was told of its tasks: which will bring no video, so that asking again pays for nothing twice."""

from collections.abc import Iterable

import msgspec

from emoji_mock.contract.endpoint import TASKS
from emoji_mock.contract.motions import Status
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.journal import Entry
from emoji_mock.verdict.entries import path_of

_WITHOUT_VIDEO = (Status.FAILED, Status.CANCELED)
_CANCEL = "/cancel"


class _Output(msgspec.Struct):
    task_id: str
    task_status: str


class _Told(msgspec.Struct):
    output: _Output


def task_of(entry: Entry) -> str:
    """Return the task that a call for a video made, as the caller was told, or nothing."""
    told = _read(entry)
    return told.output.task_id if told else ""


def without_video(entries: Iterable[Entry]) -> dict[str, int]:
    """Return the tasks that were cancelled, or told to have failed, and the exchanges that say so."""
    found: dict[str, int] = {}
    for entry in entries:
        if entry.outcome is not Outcome.DONE or not path_of(entry).startswith(f"{TASKS}/"):
            continue
        if path_of(entry).endswith(_CANCEL):
            found.setdefault(path_of(entry).split("/")[2], entry.number)
        elif (told := _read(entry)) and told.output.task_status in _WITHOUT_VIDEO:
            found.setdefault(told.output.task_id, entry.number)
    return found


def _read(entry: Entry) -> _Told | None:
    try:
        return msgspec.json.decode(entry.response_body, type=_Told)
    except (msgspec.MsgspecError, UnicodeError):
        return None  # cut short, spoilt, or about no task
