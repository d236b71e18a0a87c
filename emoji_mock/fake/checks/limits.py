"""Apply limits to a call: refuse it, or hold an image and a place for it until it is over."""

from __future__ import annotations

from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING

from emoji_mock.contract.endpoint import MODEL, PRICE
from emoji_mock.contract.rows import gateway
from emoji_mock.fake.context import Reservation
from emoji_mock.fake.refusal import Refused

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Headers
    from emoji_mock.fake.accounting.limits import Limits
    from emoji_mock.fake.context import Decision, RequestContext

_ROWS = {"rps": gateway.THROTTLED, "burst": gateway.BURST, "concurrency": gateway.THROTTLING}
"""The row with which each limit refuses a call."""


def limits_of(context: RequestContext, decision: Decision) -> Limits | None:
    """Return the caller's limits: those set for it, else for everyone, else those of the options."""
    if context.store.has_limits and (own := context.store.limits_for(decision.caller.namespace)) is not None:
        return own
    return context.options.limits


def reserve_image(context: RequestContext, decision: Decision) -> None:
    """Hold an image for the call. Raises Refused if the account has none left."""
    limits = limits_of(context, decision)
    if limits is None:
        return
    free = limits.images if decision.model == MODEL else None  # a free tier is a model's, arrears are the account's
    paid = None if limits.spend is None else int(Decimal(str(limits.spend)) / PRICE)
    if free is None and paid is None:
        return
    most = min(number for number in (free, paid) if number is not None)
    if not context.store.reserve(decision.caller.namespace, most):
        raise Refused(gateway.ARREARS if paid == most else gateway.EXHAUSTED)
    decision.reservation = Reservation(image=True)


def admit(context: RequestContext, decision: Decision, gate: str, limits: Limits, *, says_wait: bool) -> None:
    """Count a call at `gate`, and hold a place for it. Raises Refused beyond `limits`."""
    admission = context.store.admit(decision.caller.namespace, gate, limits, context.at)
    reservation = decision.reservation = decision.reservation or Reservation()
    if admission.refused_by is not None:
        reservation.retry_after = max(1, ceil(admission.wait)) if says_wait else 0
        raise Refused(_ROWS[admission.refused_by])
    reservation.gate, reservation.place = gate, admission.place


def settle(
    context: RequestContext, decision: Decision, reservation: Reservation, left: float, headers: Headers
) -> Headers:
    """Free the place of a call at the time `left`, when its answer is out. Return `headers` with any Retry-After."""
    if reservation.place:
        lasts = decision.fault_seconds if decision.fault is not None and decision.fault.lasts else 0.0
        context.store.leave(decision.caller.namespace, reservation.gate, reservation.place, left + lasts)
    return (*headers, ("retry-after", str(reservation.retry_after))) if reservation.retry_after else headers
