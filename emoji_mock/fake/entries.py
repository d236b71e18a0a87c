"""Build the journal's entry of a call, with secrets redacted and texts cut."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.contract.endpoint import ASYNC_HEADER, RESOLVE_HEADER, EndpointName
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.api_keys import note_key
from emoji_mock.fake.accounting.journal import TEXT_LIMIT, Entry, journal_texts
from emoji_mock.fake.accounting.pictures import picture_digest
from emoji_mock.fake.checks.image import held_picture

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Headers, Response
    from emoji_mock.contract.row import Row
    from emoji_mock.fake.context import Decision, RequestContext

_FLAGS = ((ASYNC_HEADER, "async"), (RESOLVE_HEADER, "resolve"))
"""Headers whose presence the journal notes, and by which word."""


class Ending(NamedTuple):
    """What a call ends in. `row` is None if it passed or was done; `headers`, if any, replace the endpoint's."""

    outcome: Outcome
    row: Row | None
    status: int
    body: bytes
    headers: Headers = ()


def build_entry(
    context: RequestContext, decision: Decision, ending: Ending, request_id: str, answer: Response, real: float
) -> Entry:
    """Return the journal's entry of a call, not numbered yet. `real` is the real time, even on a frozen clock."""
    outcome, row, caller, head = ending.outcome, ending.row, decision.caller, context.head
    # A key of another scheme than Bearer identifies nobody, but is a key.
    secret = decision.key if caller.fingerprint else note_key(head.headers.get("authorization", ""))
    client, method, target, model, image_url, sent, got, host, pause = journal_texts(
        _texts(context, decision, answer), secret
    )
    endpoint = context.route.name
    return Entry(
        0,
        context.at,
        caller.namespace,
        caller.fingerprint,
        client,
        method,
        target,
        model,
        image_url,
        outcome,
        row.code or "" if row else "",
        row.name if row else "",
        answer.status,
        outcome.billed,
        request_id,
        sent,
        got,
        "",
        decision.delay,
        picture=picture_digest(decision.image_url, held_picture(context, decision.image_url)),
        host=host,
        flags=" ".join([flag for name, flag in _FLAGS if name in head.headers]),
        retry_after=pause,
        real=real,
        endpoint=endpoint or "",
        video=endpoint is EndpointName.VIDEO_SYNTHESIS and outcome is Outcome.DONE,
    )


def _texts(context: RequestContext, decision: Decision, answer: Response) -> tuple[str, ...]:
    request, headers = context.request, context.head.headers
    target = request.target if decision.journal_target is None else decision.journal_target
    sent = request.body if decision.journal_request is None else decision.journal_request
    got = answer.body if decision.journal_answer is None else decision.journal_answer
    return (
        headers.get("user-agent", ""),
        request.method,
        target,
        decision.model,
        decision.image_url,
        sent[: 2 * TEXT_LIMIT].decode(errors="replace"),
        got[: 2 * TEXT_LIMIT].decode(errors="replace"),
        headers.get("host", ""),
        dict(answer.headers).get("retry-after", "") if answer.status >= 400 else "",  # noqa: PLR2004
    )
