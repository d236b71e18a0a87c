"""The network's weather: what rules say of faults and latency, brought upon a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from emoji_mock.contract.exchange import SocketRequest
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.journal import ON_SOCKET
from emoji_mock.fake.network import faults
from emoji_mock.fake.network.faults import DEFAULT_SECONDS, FaultKind
from emoji_mock.fake.network.latency import Latency
from emoji_mock.fake.rules.rule import RequestFacts, Rule

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Reply, Response
    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.fake.context import RequestContext


def take_rule(call: RequestContext, *, faults_only: bool = False) -> Rule | None:
    """Use the rules that speak of `call`, let the weather in them come, and return the one that says how it ends."""
    call.ruled = True
    if not call.store.has_rules:
        return None
    asked = RequestFacts(call.model, call.image_url, call.caller.fingerprint, call.endpoint)
    namespace = call.caller.namespace
    rules = call.store.take_rules(namespace, asked, call.random_source.of(namespace).random(), faults_only=faults_only)
    for rule in rules:
        if rule.latency is not None:
            call.delay += _drawn(rule.latency, call)
    if not rules or not rules[-1].decides:
        return None
    last = rules[-1]
    call.fault = last.fault
    call.seconds = last.seconds or (last.fault and last.fault.row.seconds) or DEFAULT_SECONDS
    if last.retry_after is not None:
        call.more_headers += (("retry-after", str(last.retry_after)),)
    return last


def strike(call: RequestContext) -> None:
    """Let the network have its way with a call that has been decided, also where no check has looked at the rules."""
    if not call.ruled:
        take_rule(call, faults_only=True)
    if call.options.latency is not None:
        call.delay += _drawn(call.options.latency, call)


def _drawn(latency: float | Latency, call: RequestContext) -> float:
    return latency.draw(call.random_source.of(call.caller.namespace)) if isinstance(latency, Latency) else latency


def spoil(call: RequestContext, fault: FaultKind, entry: Entry, response: Response) -> tuple[Entry, Reply]:
    """Return what the journal says of a call that met `fault`, and what comes instead of `response`."""
    reply = faults.apply_fault(fault, response, seconds=call.seconds, delay=call.delay)
    seconds = call.seconds if fault.lasts else 0.0
    if fault is FaultKind.DRIP:
        return structs.replace(entry, fault=fault, seconds=seconds), reply
    status = response.status if fault.answered else getattr(reply, "status", 0)
    billed = entry.billed and fault.answered
    reset = fault is FaultKind.REFUSED and isinstance(call.request, SocketRequest)
    flags = f"{entry.flags} {ON_SOCKET}".lstrip() if reset else entry.flags
    ending = {"outcome": Outcome.FAULT, "status": status, "billed": billed, "video": entry.video and fault.answered}
    return structs.replace(entry, fault=fault, seconds=seconds, flags=flags, **ending), reply
