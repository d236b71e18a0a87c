"""Record a call for the journal, with secrets redacted and texts cut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from emoji_mock.contract.endpoint import EndpointName
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.api_keys import key_of
from emoji_mock.fake.accounting.journal import TEXT_LIMIT, CallRecord, are_harmless, journal_text, journal_texts
from emoji_mock.fake.accounting.pictures import picture_digest
from emoji_mock.fake.checks.image import held_picture

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Headers, Response
    from emoji_mock.contract.row import Row
    from emoji_mock.fake.context import Decision, RequestContext

_PASSED, _DONE = Outcome.PASSED, Outcome.DONE  # to read a member takes as long as a call

_CREATING = frozenset({EndpointName.VIDEO_SYNTHESIS, EndpointName.AA_TEMPLATE})
"""The endpoints that create tasks."""


class Ending(NamedTuple):
    """What a call ends in. `row` is None if it passed or was done; `headers`, if any, replace the endpoint's."""

    outcome: Outcome
    row: Row | None
    status: int
    body: bytes
    headers: Headers = ()


def record_call(
    context: RequestContext, decision: Decision, ending: Ending, request_id: str, answer: Response, real: float
) -> CallRecord:
    """Return the record of a call for the journal. `real` is the real time, even on a frozen clock."""
    outcome, row, head, endpoint = ending.outcome, ending.row, context.head, context.route.name
    sent = context.request.body if decision.journal_request is None else decision.journal_request
    got = answer.body if decision.journal_answer is None else decision.journal_answer
    secret = key_of(context.request.header("authorization")) if head.has_short_key else ""
    texts = (
        decision.model,
        decision.image_url,
        sent.decode() if sent.isascii() else sent[: 2 * TEXT_LIMIT].decode(errors="replace"),
        got.decode() if got.isascii() else got[: 2 * TEXT_LIMIT].decode(errors="replace"),
    )
    # A passed answer has no text of the caller's, and one that is written without escapes has the model and the URL.
    is_plain = outcome is _PASSED and not secret and are_harmless(texts[2])
    kept: tuple[str, ...] = texts if is_plain else journal_texts(texts, secret)
    model, image_url, request_body, response_body = kept
    more = _more(context, decision, answer, secret, is_done=outcome is _DONE)
    return CallRecord(
        head.texts,
        decision.caller.namespace,
        decision.caller.fingerprint,
        endpoint or "",
        context.at,
        real,
        model,
        image_url,
        outcome,
        row.code or "" if row else "",
        row.name if row else "",
        answer.status,
        request_id,
        request_body,
        response_body,
        outcome.billed,
        kept is texts and head.texts.is_short and more is None,
        more,
    )


def _more(
    context: RequestContext, decision: Decision, answer: Response, secret: str, *, is_done: bool
) -> dict[str, Any] | None:
    """Return the fields of the entry that only few calls have."""
    url = decision.image_url
    is_usual = answer.status < 400 and not decision.delay and not decision.reason and decision.journal_target is None  # noqa: PLR2004
    if is_usual and not is_done and url.startswith("http") and len(url) <= TEXT_LIMIT:
        return None
    more: dict[str, Any] = {}
    if decision.reason:
        more["reason"] = journal_text(decision.reason, secret)
    if decision.seen:
        more["seen"] = decision.seen
    if picture := _keep_picture(context, decision):
        more["picture"] = picture
    if decision.delay:
        more["delay"] = decision.delay
    if decision.journal_target is not None:
        more["target"] = journal_text(decision.journal_target, secret)
    if is_done and context.route.name in _CREATING:
        more["video"] = True
    if (charge := decision.charge) is not None:
        more["tier"], more["video_seconds"] = charge.tier, charge.seconds
    if answer.status >= 400 and (pause := dict(answer.headers).get("retry-after")):  # noqa: PLR2004
        more["retry_after"] = journal_text(pause, secret)
    return more or None


def _keep_picture(context: RequestContext, decision: Decision) -> str:
    """Return the digest of the picture; keep one from a `data:` URL for the page, if the options say so."""
    url = decision.image_url
    held = held_picture(context, url)
    picture = picture_digest(url, held)
    if held and context.options.kept_picture_bytes and url[:5].lower() == "data:":
        context.store.keep_picture(decision.caller.namespace, picture, held)
    return picture
