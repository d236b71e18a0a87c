"""Check the method and the key."""

from emoji_mock.contract.hosts import OTHER_REGIONS
from emoji_mock.contract.rows import gateway
from emoji_mock.fake.accounting.api_keys import identify
from emoji_mock.fake.context import Decision, RequestContext
from emoji_mock.fake.refusal import Refused

PROVOKES = {
    gateway.INVALID_KEY: "the key sk-mock-invalid, or the host of another region",
    gateway.NO_KEY: "send no Authorization header",
    gateway.WRONG_METHOD: "send a GET",
}
"""Which request gets a row from these checks."""


def authenticate(context: RequestContext, decision: Decision) -> None:
    """Find the caller by the key in the Authorization header. A repeated header holds no key."""
    scheme, _, key = context.head.headers.get("authorization", "").strip().partition(" ")
    decision.key = key = key.lstrip()
    if not key and scheme.lower() in ("", "bearer"):
        raise Refused(gateway.NO_KEY)
    if scheme.lower() != "bearer" or not key.isascii() or not key.isprintable() or " " in key:
        raise Refused(gateway.INVALID_KEY)
    decision.caller = identify(key)
    if decision.caller.refused_as is gateway.INVALID_KEY or context.head.host in OTHER_REGIONS:
        raise Refused(gateway.INVALID_KEY)


def require_post(context: RequestContext, _: Decision) -> None:
    """Refuse every method but POST."""
    if context.head.method != "POST":
        raise Refused(gateway.WRONG_METHOD, method=context.head.method)


def require_get(context: RequestContext, _: Decision) -> None:
    """Refuse every method but GET."""
    if context.head.method != "GET":
        raise Refused(gateway.WRONG_METHOD, method=context.head.method)
