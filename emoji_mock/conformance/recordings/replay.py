"""A fake that answers with recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emoji_mock.assembly import Fake
from emoji_mock.conformance.judge.summary import summarize
from emoji_mock.conformance.recordings.matching import RequestKey, request_key
from emoji_mock.conformance.recordings.recording import Recording, recorded_request, recorded_response
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.entries import Ending

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emoji_mock.fake.context import Decision, RequestContext
    from emoji_mock.fake.endpoints.endpoint import Endpoint

_FIRST_ERROR = 400


class Replay(Fake):
    """A fake that answers with one of `recordings` if it fits the request, and else as `Fake` does.

    Takes the arguments of `Fake` as well. It overrides `decide` alone, which the service documents for that.
    """

    def __init__(self, recordings: Iterable[Recording], *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - Fake's
        super().__init__(*arguments, **named)
        self._recordings: dict[RequestKey, Recording] = {}
        for recording in recordings:
            self._recordings.setdefault(request_key(recorded_request(recording)), recording)

    def decide(self, context: RequestContext, decision: Decision, endpoint: Endpoint[Any], request_id: str) -> Ending:
        """Return the recorded answer, or the fake's own."""
        own = super().decide(context, decision, endpoint, request_id)
        recording = self._recordings.get(request_key(context.request))
        # Uploads and tasks exist in the fake only: the ids in a recording are of no use here.
        if recording is None or (own.outcome is Outcome.DONE and recording.response.status < _FIRST_ERROR):
            return own
        now = self.clock()
        response = recorded_response(recording, request_id, endpoint.headers(request_id, 200, now, now))
        summary = summarize(response)
        row = next((row for row in ROWS if summary.code and summary.matches(row)), None)
        return Ending(summary.outcome or Outcome.ERROR, row, response.status, response.body, response.headers)
