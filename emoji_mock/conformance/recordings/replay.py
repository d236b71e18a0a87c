"""A fake that answers with recordings.

What the user says now comes first: faults, latency, limits, `retired` and rules; then the recording, in the form that
the options `failed_as` and `details` ask for; then the fake's own answer.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from emoji_mock.assembly import Fake
from emoji_mock.conformance.judge.summary import ResponseSummary, summarize
from emoji_mock.conformance.recordings.matching import RequestKey, request_key
from emoji_mock.conformance.recordings.misses import Misses
from emoji_mock.conformance.recordings.recording import Recording, recorded_request, recorded_response
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.models import MODELS, emoji, row_at
from emoji_mock.contract.row import Outcome, Row
from emoji_mock.fake import responses
from emoji_mock.fake.checks import account, image, request
from emoji_mock.fake.checks.refusal import Refused
from emoji_mock.fake.entries import Ending

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from emoji_mock.contract.exchange import Response
    from emoji_mock.contract.model import Model
    from emoji_mock.fake.context import Decision, RequestContext
    from emoji_mock.fake.endpoints.endpoint import Endpoint

_LOG = logging.getLogger("emoji_mock")
_FIRST_ERROR = 400
_STEERING = frozenset({account.check_account, account.limit_rate, image.apply_rule})
"""The checks by which limits, options and rules end a detection."""


class Replay(Fake):
    """A fake that answers with one of `recordings` if it fits the request, and else as `Fake` does.

    Takes the arguments of `Fake` as well. `report` is called with a sentence for each kind of request that no recording
    fits; by default it is logged. It overrides `decide` alone, which the service documents for that.
    """

    def __init__(
        self,
        recordings: Iterable[Recording],
        *arguments: Any,  # noqa: ANN401 - Fake's
        report: Callable[[str], None] = _LOG.warning,
        **named: Any,  # noqa: ANN401 - likewise
    ) -> None:
        super().__init__(*arguments, **named)
        self._recordings: dict[RequestKey, Recording] = {}
        for recording in recordings:
            self._recordings.setdefault(request_key(recorded_request(recording)), recording)
        self._misses = Misses(self._recordings, report)

    def decide(self, context: RequestContext, decision: Decision, endpoint: Endpoint[Any], request_id: str) -> Ending:
        """Return what a rule, a limit or an option says, or else the recorded answer, or else the fake's own."""
        key = request_key(context.request)
        recording = self._recordings.get(key)
        fails = recording is not None and recording.response.status >= _FIRST_ERROR
        # Uploads and tasks exist in the fake only: the ids in a recording are of no use here.
        if recording is None or (endpoint.outcome is Outcome.DONE and not fails):
            own = super().decide(context, decision, endpoint, request_id)
            is_steered = decision.steered or decision.caller.refused_as is not None  # a reserved key says so, too
            if recording is None and own.outcome is not Outcome.DONE and not is_steered:
                self._misses.add(key)
            return own
        checked = _without_effect(endpoint) if fails else _only_steered(endpoint)
        own = super().decide(context, decision, checked, request_id)
        model = MODELS.get(decision.model, endpoint.model)
        return own if decision.steered else self._recorded(recording, endpoint, model, request_id)

    def _recorded(self, recording: Recording, endpoint: Endpoint[Any], model: Model | None, request_id: str) -> Ending:
        now = self.clock()
        response = recorded_response(recording, request_id, endpoint.headers(request_id, 200, now, now))
        summary = summarize(response)
        row = next((row for row in ROWS if summary.code and summary.matches(row) and row_at(row, model) is row), None)
        if row is not None and self._reshapes(row, summary, response):
            outcome, status = self._ending(row) if row.outcome is Outcome.FAILED else (row.outcome, response.status)
            body = responses.refused(
                row,
                row.text(),
                request_id,
                status=status,
                details=self.options.details,
                model=model or emoji.DETECT,
                humanoid=self.options.humanoid,
            )
            return Ending(outcome, row, status, body, response.headers)
        return Ending(summary.outcome or Outcome.ERROR, row, response.status, response.body, response.headers)

    def _reshapes(self, row: Row, summary: ResponseSummary, response: Response) -> bool:
        """Return whether an option asks for another form of the recorded refusal."""
        as_error = row.outcome is Outcome.FAILED and self._ending(row)[1] >= _FIRST_ERROR > response.status
        return as_error or (self.options.details and not summary.message.endswith(row.suffix))


@lru_cache
def _without_effect(endpoint: Endpoint[Any]) -> Endpoint[Any]:
    """Return `endpoint` without an effect of a call that is not refused: the recording refuses it."""
    return replace(endpoint, body=_no_body)


def _no_body(_: RequestContext, __: Decision, ___: str) -> bytes:
    return b""


@lru_cache
def _only_steered(endpoint: Endpoint[Any]) -> Endpoint[Any]:
    """Return `endpoint` without the checks of the request and its picture, which the recorded answer has passed."""
    opening = (_tolerant(request.authenticate), _tolerant(request.load_document))
    checks = tuple(check for check in endpoint.checks if check in _STEERING)
    return replace(endpoint, models=(), opening=opening, checks=checks)


def _tolerant(check: Callable[[RequestContext, Any], None]) -> Callable[[RequestContext, Any], None]:
    def read(context: RequestContext, decision: Decision) -> None:
        with suppress(Refused):
            check(context, decision)

    return read
