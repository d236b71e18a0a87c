"""Check the account: its status, the asynchronous flag, its limits and the rate of its calls."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from emoji_mock.contract.endpoint import ASYNC_HEADER
from emoji_mock.contract.models import DETECTORS, MODELS
from emoji_mock.contract.rows import gateway
from emoji_mock.fake.accounting.limits import Limits, limits_of_model, limits_of_tasks
from emoji_mock.fake.checks.head_check import HeadCheck
from emoji_mock.fake.checks.refusal import Refused
from emoji_mock.fake.context import Reservation

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from emoji_mock.contract.exchange import Headers
    from emoji_mock.fake.context import Decision, RequestContext
    from emoji_mock.fake.request_head import RequestHead

PROVOKES = {
    gateway.ARREARS: "the key sk-mock-arrears",
    gateway.ACCESS_DENIED: "the key sk-mock-retired, the option --retired, or --as-of a day when the model is retired",
    gateway.NOT_ASYNCHRONOUS: "send the header X-DashScope-Async: enable",
    gateway.UNPURCHASED: "the key sk-mock-unpurchased",
    gateway.EXHAUSTED: "the key sk-mock-exhausted",
    gateway.THROTTLED: "the key sk-mock-throttled",
}
"""Which request gets a row from these checks."""

_ACCOUNT_ROWS = (gateway.ACCESS_DENIED, gateway.ARREARS, gateway.UNPURCHASED, gateway.EXHAUSTED)
_LIMIT_ROWS = {"rps": gateway.THROTTLED, "burst": gateway.BURST, "concurrency": gateway.THROTTLING}
"""The row with which each limit refuses a call."""
_QUOTA_ROWS = {"free": gateway.EXHAUSTED, "spend": gateway.ARREARS}
"""The free tier is a model's, arrears are the account's."""

_RESERVED_KEY = "reserved key"


def check_account(context: RequestContext, decision: Decision) -> None:
    """Refuse a retired model, an account in arrears or without the service; reserve an image if images are limited."""
    options = context.options
    if options.retired or (options.as_of is not None and _is_retired(decision.model, options.as_of)):
        decision.steered = True
        decision.reason = "option --retired" if options.retired else f"retired as of {options.as_of:%Y-%m-%d}"
        raise Refused(gateway.ACCESS_DENIED)
    refused_as = decision.caller.refused_as
    if refused_as is not None and refused_as in _ACCOUNT_ROWS:
        decision.reason = _RESERVED_KEY
        raise Refused(refused_as)
    if context.is_limited:
        _reserve_image(context, decision)


def _is_retired(name: str, day: datetime) -> bool:
    model = MODELS.get(name)
    return model is not None and model.is_retired(day)


@HeadCheck
def reject_async(head: RequestHead) -> None:
    """Refuse a request for an asynchronous answer."""
    if head.enables(ASYNC_HEADER):
        raise Refused(gateway.NOT_ASYNCHRONOUS)


@HeadCheck
def require_async(head: RequestHead) -> None:
    """Refuse a request for a synchronous answer."""
    if not head.enables(ASYNC_HEADER):
        raise Refused(gateway.NOT_SYNCHRONOUS)


def reject_throttled_key(_: RequestContext, decision: Decision) -> None:
    """Refuse the key that is always throttled."""
    if decision.caller.refused_as is gateway.THROTTLED:
        decision.reason = _RESERVED_KEY
        raise Refused(gateway.THROTTLED)


def limit_rate(context: RequestContext, decision: Decision) -> None:
    """Refuse the key that is always throttled, and calls of a model beyond the limits."""
    reject_throttled_key(context, decision)
    if not context.is_limited:
        return
    limits = _limits_of(context, decision)
    held_to = None if limits is None else limits_of_model(limits, decision.model)
    if held_to is not None and (held_to.rps or held_to.burst or held_to.concurrency):
        _admit(context, decision, decision.model, held_to, says_wait=held_to.retry_after)


def limit_task_rate(operation: str) -> Callable[[RequestContext, Decision], None]:
    """Return the check that limits the rate of one `operation` on tasks."""

    def check(context: RequestContext, decision: Decision) -> None:
        if not context.is_limited:
            return
        held_to = _limits_of(context, decision)
        if held_to is not None and (rate := limits_of_tasks(held_to)) is not None:
            _admit(context, decision, operation, rate, says_wait=held_to.retry_after)

    return check


def settle(
    context: RequestContext, decision: Decision, reservation: Reservation, left: float, headers: Headers
) -> Headers:
    """Free the place of a call at the time `left`, when its answer is out. Return `headers` with any Retry-After."""
    if reservation.place:
        lasts = decision.fault_seconds if decision.fault is not None and decision.fault.lasts else 0.0
        context.store.leave(decision.caller.namespace, reservation.gate, reservation.place, left + lasts)
    return (*headers, ("retry-after", str(reservation.retry_after))) if reservation.retry_after else headers


def _limits_of(context: RequestContext, decision: Decision) -> Limits | None:
    """Return the caller's limits: those set for it, else for everyone, else those of the options."""
    if context.store.has_limits and (own := context.store.limits_for(decision.caller.namespace)) is not None:
        return own
    return context.options.limits


def _reserve_image(context: RequestContext, decision: Decision) -> None:
    """Reserve an image for the call. Raises Refused if the account has none left."""
    limits = _limits_of(context, decision)
    if limits is None:
        return
    held_to = limits_of_model(limits, decision.model)
    if held_to.images is None and held_to.seconds is None and held_to.spend is None:
        return
    used_up = context.store.reserve(decision.caller.namespace, decision.model, held_to)
    if used_up is not None:
        decision.steered = True
        quota = "images" if decision.model in DETECTORS else "seconds"
        name = "spend" if used_up == "spend" else quota
        decision.reason = f"limit {name}={getattr(held_to, name):g} is used up"
        raise Refused(_QUOTA_ROWS[used_up])
    if decision.model in DETECTORS:
        decision.reservation = Reservation(image=decision.model)


def _admit(context: RequestContext, decision: Decision, gate: str, limits: Limits, *, says_wait: bool) -> None:
    """Count a call at `gate`, and reserve a place for it. Raises Refused beyond `limits`."""
    admission = context.store.admit(decision.caller.namespace, gate, limits, context.at)
    reservation = decision.reservation = decision.reservation or Reservation()
    if admission.refused_by is not None:
        decision.steered = True
        decision.reason = f"limit {admission.refused_by}={getattr(limits, admission.refused_by)}"
        reservation.retry_after = max(1, ceil(admission.wait)) if says_wait else 0
        raise Refused(_LIMIT_ROWS[admission.refused_by])
    reservation.gate, reservation.place = gate, admission.place
