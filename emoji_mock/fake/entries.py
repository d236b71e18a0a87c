"""What the journal is told of a call: nothing that is secret, and no more than it can keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.contract.endpoint import ASYNC_HEADER, RESOLVE_HEADER, EndpointName
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.api_keys import hide_known
from emoji_mock.fake.accounting.journal import TEXT_LIMIT, Entry, all_kept
from emoji_mock.fake.accounting.pictures import picture_digest
from emoji_mock.fake.checks.image import uploaded_file

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Headers, Response
    from emoji_mock.contract.row import Row
    from emoji_mock.fake.context import RequestContext

_FLAGS = ((ASYNC_HEADER, "async"), (RESOLVE_HEADER, "resolve"))
"""What the journal says of headers that are there."""


class Decision(NamedTuple):
    """What a call ends in: the outcome, its row unless it passed, status and body; headers if not the usual ones."""

    outcome: Outcome
    row: Row | None
    status: int
    body: bytes
    headers: Headers = ()


def entry_of(call: RequestContext, decided: Decision, request_id: str, answer: Response, real: float) -> Entry:
    """Return what the journal keeps of a call; the store will number it."""
    outcome, row, caller = decided.outcome, decided.row, call.caller
    client, method, target, model, image_url, sent, got, host, pause = all_kept(_texts(call, answer), call.key)
    return Entry(
        0,
        call.at,
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
        call.delay,
        picture=picture_digest(call.image_url, uploaded_file(call)),
        host=host,
        flags=" ".join([flag for name, flag in _FLAGS if name in call.headers]),
        retry_after=pause,
        real=real,
        endpoint=call.endpoint or "",
        video=call.endpoint is EndpointName.VIDEO_SYNTHESIS and outcome is Outcome.DONE,
    )


def _texts(call: RequestContext, answer: Response) -> tuple[str, ...]:
    request, headers = call.request, call.headers
    asked = request.body if call.shown_request is None else call.shown_request
    said = answer.body if call.shown_answer is None else call.shown_answer
    return (
        headers.get("user-agent", ""),
        request.method,
        hide_known(request.target if call.shown_target is None else call.shown_target),
        call.model,
        call.image_url,
        asked[: 2 * TEXT_LIMIT].decode(errors="replace"),
        said[: 2 * TEXT_LIMIT].decode(errors="replace"),
        headers.get("host", ""),
        dict(answer.headers).get("retry-after", "") if answer.status >= 400 else "",  # noqa: PLR2004
    )
