"""Check the account: its standing, the way it calls, and the rate of its calls."""

from collections.abc import Callable

from emoji_mock.contract.endpoint import ASYNC_HEADER
from emoji_mock.contract.rows import gateway
from emoji_mock.fake.accounting.limits import Limits
from emoji_mock.fake.checks import limits
from emoji_mock.fake.context import Decision, RequestContext
from emoji_mock.fake.refusal import Refused

PROVOKES = {
    gateway.ARREARS: "the key sk-mock-arrears",
    gateway.ACCESS_DENIED: "the key sk-mock-retired, or the option --retired",
    gateway.NOT_ASYNCHRONOUS: "send the header X-DashScope-Async: enable",
    gateway.UNPURCHASED: "the key sk-mock-unpurchased",
    gateway.EXHAUSTED: "the key sk-mock-exhausted",
    gateway.THROTTLED: "the key sk-mock-throttled",
}
"""Which request gets a row from these checks."""

_ACCOUNT_ROWS = (gateway.ACCESS_DENIED, gateway.ARREARS, gateway.UNPURCHASED, gateway.EXHAUSTED)


def check_account(context: RequestContext, decision: Decision) -> None:
    """Refuse a retired model, an account in arrears or without the service; hold an image if images are limited."""
    if context.options.retired:
        raise Refused(gateway.ACCESS_DENIED)
    if decision.caller.refused_as in _ACCOUNT_ROWS:
        raise Refused(decision.caller.refused_as)
    if context.options.limits is not None or context.store.has_limits:
        limits.reserve_image(context, decision)


def reject_async(context: RequestContext, _: Decision) -> None:
    """Refuse a request for an asynchronous answer."""
    if context.head.enables(ASYNC_HEADER):
        raise Refused(gateway.NOT_ASYNCHRONOUS)


def require_async(context: RequestContext, _: Decision) -> None:
    """Refuse a request for a synchronous answer."""
    if not context.head.enables(ASYNC_HEADER):
        raise Refused(gateway.NOT_SYNCHRONOUS)


def reject_throttled_key(_: RequestContext, decision: Decision) -> None:
    """Refuse the key that is always throttled."""
    if decision.caller.refused_as is gateway.THROTTLED:
        raise Refused(gateway.THROTTLED)


def limit_rate(context: RequestContext, decision: Decision) -> None:
    """Refuse the key that is always throttled, and calls of a model beyond the limits."""
    reject_throttled_key(context, decision)
    if context.options.limits is None and not context.store.has_limits:
        return
    held_to = limits.limits_of(context, decision)
    if held_to is not None and (held_to.rps or held_to.burst or held_to.concurrency):
        limits.admit(context, decision, decision.model, held_to, says_wait=held_to.retry_after)


def limit_task_rate(operation: str) -> Callable[[RequestContext, Decision], None]:
    """Return the check that limits the rate of one `operation` on tasks."""

    def check(context: RequestContext, decision: Decision) -> None:
        if context.options.limits is None and not context.store.has_limits:
            return
        held_to = limits.limits_of(context, decision)
        if held_to is not None and held_to.task_qps is not None:
            rate = Limits(rps=held_to.task_qps)
            limits.admit(context, decision, operation, rate, says_wait=held_to.retry_after)

    return check
