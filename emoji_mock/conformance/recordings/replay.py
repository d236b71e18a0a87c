"""Replay: recordings put to use. A fake answers with them, and the contract judges whether they still hold."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from emoji_mock.assembly import Fake
from emoji_mock.conformance.cases.case import BAD_KEY, KEY, Filled
from emoji_mock.conformance.judge.reading import read
from emoji_mock.conformance.recordings.folder import load
from emoji_mock.conformance.recordings.recording import Recording, request_of, response_of
from emoji_mock.conformance.recordings.redaction import Redactor
from emoji_mock.conformance.recordings.volatile import SAMPLE_FOLDER, SAMPLE_TASK
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.endpoint import ASYNC_HEADER, BODY_LIMIT, RESOLVE_HEADER
from emoji_mock.contract.hosts import OTHER_REGIONS
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.api_keys import identify
from emoji_mock.fake.endpoints.explain import SAMPLE_ID
from emoji_mock.fake.entries import Ending

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from emoji_mock.conformance.cases.case import Case
    from emoji_mock.contract.exchange import Request, Response
    from emoji_mock.fake.context import Decision, RequestContext
    from emoji_mock.fake.endpoints.endpoint import Endpoint

_A_KEY = re.compile(r"\bsk-[A-Za-z0-9._-]+")
_CLEAN = Redactor()
_FIRST_ERROR = 400


class _Likeness(NamedTuple):
    """What two requests must share to get the same answer."""

    method: str
    host: str
    target: str
    authorization: str
    content_type: str
    flags: tuple[str, str]
    body: str | bytes


class Replay(Fake):
    """A fake that answers with `recordings` where one was made of such a request, and else by itself."""

    def __init__(self, recordings: Iterable[Recording], *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - Fake's
        super().__init__(*arguments, **named)
        self._by_likeness: dict[_Likeness, Recording] = {}
        for recording in recordings:
            self._by_likeness.setdefault(_likeness(request_of(recording)), recording)

    def decide(self, context: RequestContext, decision: Decision, endpoint: Endpoint[Any], request_id: str) -> Ending:
        """Return the recorded answer, or the fake's own."""
        own = super().decide(context, decision, endpoint, request_id)
        recording = self._by_likeness.get(_likeness(context.request))
        # What was uploaded and which tasks there are lives on in the fake: an id of the recording's day is nobody's.
        if recording is None or (own.outcome is Outcome.DONE and recording.response.status < _FIRST_ERROR):
            return own
        now = self.clock()
        response = response_of(recording, request_id, endpoint.headers(request_id, 200, now, now))
        reading = read(response)
        row = next((row for row in ROWS if reading.code and reading.tells(row)), None)
        return Ending(reading.outcome or Outcome.ERROR, row, response.status, response.body, response.headers)


class RecordedTarget:
    """The recordings of a folder, as a target: whoever answered then answers the cases now. Raises RecordingError."""

    live = False
    secrets: Mapping[str, str] = {}

    def __init__(self, folder: Path) -> None:
        self.name = f"the folder of recordings {folder}"
        self._recordings = {recording.case: recording for recording in load(folder)}
        self._next: Recording | None = None
        self._sent = 0

    def fill(self, case: Case) -> Filled | str:
        """Return the words that stand in a recording, or why there is none for `case`."""
        recording = self._recordings.get(case.name)
        if recording is None:
            return "not recorded"
        filled = Filled(key=KEY, bad_key=BAD_KEY, picture=case.picture, learned={word: word for word in case.words})
        if _likeness(request_of(recording)) != _likeness(case.request(filled)):
            return "recorded with another request: record it anew"
        self._next = recording
        known = {"<task id>": SAMPLE_TASK, "<upload dir>": SAMPLE_FOLDER}
        return replace(filled, learned={word: known.get(word, word) for word in case.words})

    def send(self, request: Request) -> Response:
        """Return what was recorded for the case that was filled last."""
        assert self._next is not None, request.target  # noqa: S101 - the runner fills before it sends
        self._sent += 1
        return response_of(self._next, f"{self._sent:08x}{SAMPLE_ID[8:]}")  # no two answers have the same

    def wait(self, seconds: float) -> None:
        """No time passes in a recording."""

    def close(self) -> None:
        """Nothing is held open."""

    def strays(self, cases: Iterable[Case]) -> list[str]:
        """Return the recordings that belong to none of `cases`."""
        return sorted(set(self._recordings) - {case.name for case in cases})


def _likeness(request: Request) -> _Likeness:
    given = request.by_name()
    return _Likeness(
        request.method,
        given.get("host", "") if given.get("host") in OTHER_REGIONS else "",
        request.target,
        _caller(given.get("authorization", "")),
        given.get("content-type", "").lower(),
        (given.get(ASYNC_HEADER, ""), given.get(RESOLVE_HEADER, "")),
        _content(request.body),
    )


def _caller(authorization: str) -> str:
    """Return an Authorization header with any good key as `<key>`, and one that gets a fate of its own as that."""

    def word(found: re.Match[str]) -> str:
        fate = identify(found[0]).fate
        return KEY if fate is None else BAD_KEY if fate.name == "invalid-api-key" else f"<{fate.name}>"

    return _CLEAN.text(_A_KEY.sub(word, authorization)).replace("<redacted>", KEY)


def _content(body: bytes) -> str | bytes:
    if len(body) > BODY_LIMIT:
        return "too large"
    try:
        return json.dumps(json.loads(body), sort_keys=True)
    except (ValueError, RecursionError):
        return body.rstrip(b" ")
