"""Apply network conditions to a call: the faults and the latency that rules and options prescribe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from emoji_mock.contract.exchange import Response, SocketRequest
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.journal import ON_SOCKET
from emoji_mock.fake.network import faults
from emoji_mock.fake.network.faults import DEFAULT_SECONDS, Sends
from emoji_mock.fake.network.latency import Latency
from emoji_mock.fake.rules.rule import RequestFacts, Rule

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Reply
    from emoji_mock.fake.accounting.journal import CallRecord
    from emoji_mock.fake.context import Decision, RequestContext
    from emoji_mock.fake.network.faults import FaultKind


def take_rule(context: RequestContext, decision: Decision, *, faults_only: bool = False) -> Rule | None:
    """Use the rules that match a call, decide its fault and delay, and return the rule that says how it ends."""
    decision.rules_applied = True
    if not context.has_rules:
        return None
    facts = RequestFacts(decision.model, decision.image_url, decision.caller.fingerprint, context.route.name)
    namespace = decision.caller.namespace
    draw = context.random_source.of(namespace).random()
    rules = context.store.take_rules(namespace, facts, draw, faults_only=faults_only)
    for rule in rules:
        if rule.latency is not None:
            decision.delay += _draw(rule.latency, context, namespace)
    if not rules or not rules[-1].decides:
        return None
    last = rules[-1]
    decision.reason = last.scope_text
    decision.steered = last.outcome is not None
    decision.fault = last.fault
    decision.fault_seconds = (
        last.seconds or (last.fault.row.seconds if last.fault is not None else None) or DEFAULT_SECONDS
    )
    if last.retry_after is not None:
        decision.extra_headers += (("retry-after", str(last.retry_after)),)
    return last


def apply_conditions(context: RequestContext, decision: Decision) -> None:
    """Apply faults and latency to a decided call, also where no check has applied the rules."""
    if not decision.rules_applied:
        take_rule(context, decision, faults_only=True)
    if context.options.latency is not None:
        decision.delay += _draw(context.options.latency, context, decision.caller.namespace)


def _draw(latency: float | Latency, context: RequestContext, namespace: str) -> float:
    return latency.draw(context.random_source.of(namespace)) if isinstance(latency, Latency) else latency


def apply_fault(
    context: RequestContext, decision: Decision, fault: FaultKind, record: CallRecord, response: Response
) -> tuple[CallRecord, Reply]:
    """Return the record of a call that met `fault`, and what comes instead of `response`."""
    reply = faults.apply_fault(fault, response, seconds=decision.fault_seconds, delay=decision.delay)
    seconds = decision.fault_seconds if fault.lasts else 0.0
    if fault.row.sends is Sends.PIECES:  # the whole answer arrives in the end
        return record.changed(fault=fault, seconds=seconds), reply
    status = response.status if fault.answered else _status_of(reply)
    differs = fault.row.on_socket is not None and isinstance(context.request, SocketRequest)
    flags = f"{record.head.flags} {ON_SOCKET}".lstrip() if differs else record.head.flags
    billed, is_video = record.billed and fault.answered, record.is_video and fault.answered
    record = record.changed(fault=fault, seconds=seconds, flags=flags, video=is_video)
    if record.charge is not None and not fault.answered:
        record = record.changed(video_seconds=0.0)
    return structs.replace(record, outcome=Outcome.FAULT, status=status, billed=billed), reply


def _status_of(reply: Reply) -> int:
    return reply.status if isinstance(reply, Response) else 0
