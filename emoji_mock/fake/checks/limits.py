"""What limits do to a call: they refuse it, or hold a place and an image for it until it is over."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING

from emoji_mock.contract.endpoint import MODEL, PRICE
from emoji_mock.contract.rows import gateway
from emoji_mock.fake.accounting.limits import Limits
from emoji_mock.fake.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.contract.exchange import Headers
    from emoji_mock.fake.context import RequestContext

_ROWS = {"rps": gateway.THROTTLED, "burst": gateway.BURST, "concurrency": gateway.THROTTLING}
"""What each limit refuses a call with."""


@dataclass(slots=True, eq=False)
class Reservation:
    """What is held for a call until it is over: an image of the account, a place at a gate; or how long to wait."""

    reserved: bool = False
    gate: str = ""
    place: int = 0
    retry_after: int = 0


def limits_of(call: RequestContext) -> Limits | None:
    """Return the limits that the caller is held to: its own, then everyone's, then those of the options."""
    if call.store.has_limits and (own := call.store.limits_for(call.caller.namespace)) is not None:
        return own
    return call.options.limits


def account(call: RequestContext) -> None:
    """Hold an image for the call, if the account has one left."""
    limits = limits_of(call)
    if limits is None:
        return
    free = limits.images if call.model == MODEL else None  # a free tier is a model's, arrears are the account's
    paid = None if limits.spend is None else int(Decimal(str(limits.spend)) / PRICE)
    if free is None and paid is None:
        return
    most = min(number for number in (free, paid) if number is not None)
    if not call.store.reserve(call.caller.namespace, most):
        raise Refused(gateway.ARREARS if paid == most else gateway.EXHAUSTED)
    call.reservation = Reservation(reserved=True)


def submitted(call: RequestContext) -> None:
    """Count a call of its model."""
    limits = limits_of(call)
    if limits is not None and (limits.rps or limits.burst or limits.concurrency):
        _pass(call, call.model, limits, says_wait=limits.retry_after)


def paced(name: str) -> Callable[[RequestContext], None]:
    """Return the check that counts one thing that is asked of tasks."""

    def check(call: RequestContext) -> None:
        limits = limits_of(call) if call.options.limits is not None or call.store.has_limits else None
        if limits is not None and limits.task_qps is not None:
            _pass(call, name, Limits(rps=limits.task_qps), says_wait=limits.retry_after)

    return check


def _pass(call: RequestContext, gate: str, limits: Limits, *, says_wait: bool) -> None:
    admission = call.store.admit(call.caller.namespace, gate, limits, call.at)
    reservation = call.reservation = call.reservation or Reservation()
    if admission.refused_by is not None:
        reservation.retry_after = max(1, ceil(admission.wait)) if says_wait else 0
        raise Refused(_ROWS[admission.refused_by])
    reservation.gate, reservation.place = gate, admission.place


def settle(call: RequestContext, reservation: Reservation, left: float, headers: Headers) -> Headers:
    """Free the place of a call at the time when its answer is out; return its headers, with the wait."""
    if reservation.place:
        lasts = call.seconds if call.fault is not None and call.fault.lasts else 0.0
        call.store.leave(call.caller.namespace, reservation.gate, reservation.place, left + lasts)
    return (*headers, ("retry-after", str(reservation.retry_after))) if reservation.retry_after else headers
