"""A folder of recordings as a target: shows which recordings still match the contract."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from emoji_mock.conformance.cases.placeholders import BAD_KEY, KEY, SAMPLE_TASK, TASK_ID, UPLOAD_DIR, Bindings
from emoji_mock.conformance.recordings.folder import load
from emoji_mock.conformance.recordings.matching import request_key
from emoji_mock.conformance.recordings.recording import Recording, recorded_request, recorded_response
from emoji_mock.conformance.recordings.volatile import SAMPLE_FOLDER
from emoji_mock.fake.endpoints.explain import SAMPLE_ID

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from emoji_mock.conformance.cases.case import Case
    from emoji_mock.contract.exchange import Request, Response


class RecordedTarget:
    """Answers each case with its recording below `folder`. Raises RecordingError."""

    live = False
    secrets: Mapping[str, str] = {}

    def __init__(self, folder: Path) -> None:
        self.name = f"the folder of recordings {folder}"
        self._recordings = {recording.case: recording for recording in load(folder)}
        self._next: Recording | None = None
        self._sent = 0

    def bind(self, case: Case) -> Bindings | str:
        """Return the placeholders of the recording, or the reason why there is no recording for `case`."""
        recording = self._recordings.get(case.name)
        if recording is None:
            return "not recorded"
        names = {name: name for name in case.placeholders}
        bindings = Bindings(key=KEY, bad_key=BAD_KEY, picture=case.picture, captured=names)
        if request_key(recorded_request(recording)) != request_key(case.request(bindings)):
            return "recorded with another request: record it again"
        self._next = recording
        return replace(bindings, captured=names | self._samples(case))

    @staticmethod
    def _samples(case: Case) -> dict[str, str]:
        """Return the values that `recorded_response` puts into the answer."""
        samples = {TASK_ID: SAMPLE_TASK, UPLOAD_DIR: SAMPLE_FOLDER}
        return {name: samples[name] for name in case.placeholders if name in samples}

    def send(self, request: Request) -> Response:
        """Return the recorded answer of the case that was bound last."""
        assert self._next is not None, request.target  # noqa: S101 - the runner binds before it sends
        self._sent += 1
        return recorded_response(self._next, f"{self._sent:08x}{SAMPLE_ID[8:]}")  # request ids must be unique

    def wait(self, seconds: float) -> None:
        """Do nothing: time does not matter to a recording."""

    def close(self) -> None:
        """Do nothing: no resource is open."""

    def strays(self, cases: Iterable[Case]) -> list[str]:
        """Return the names of recordings whose case is not among `cases`."""
        return sorted(set(self._recordings) - {case.name for case in cases})
