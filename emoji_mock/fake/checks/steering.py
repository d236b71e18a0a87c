"""Apply what a user of the fake prescribes: a rule, or a magic URL."""

from emoji_mock.contract.row import Outcome, Row
from emoji_mock.contract.rows import service
from emoji_mock.fake import conditions
from emoji_mock.fake.accounting.api_keys import redact
from emoji_mock.fake.checks.image import check_sides
from emoji_mock.fake.context import Decision, RequestContext
from emoji_mock.fake.refusal import Refused, message_values
from emoji_mock.fake.rules import magic_urls


def apply_rule(context: RequestContext, decision: Decision) -> None:
    """Answer as the rule for such a call says. Raises Refused with its row."""
    rule = conditions.take_rule(context, decision)
    if rule is None:
        return
    if rule.row is not None:
        raise _refused(decision, rule.row, later=rule.outcome is Outcome.FAILED)
    if rule.outcome is not None:
        decision.face, decision.size, decision.passes = rule.face, rule.image_size, True


def apply_magic_url(_: RequestContext, decision: Decision) -> None:
    """Answer as a picture's URL on the reserved host says. Raises Refused with its row."""
    if decision.passes or magic_urls.HOST not in decision.image_url.lower():
        return
    try:
        wanted = magic_urls.read(decision.image_url)
    except ValueError as error:
        # Our own words in the vendor's shape: such a URL never reaches the vendor, and its author needs to know.
        raise Refused(service.BAD_URL, message=f"emoji-mock: {redact(str(error))}") from None
    if wanted is None:
        return
    if wanted.row is not None:
        raise _refused(decision, wanted.row)
    decision.size = wanted.size and check_sides(wanted.size)


def _refused(decision: Decision, row: Row, *, later: bool = False) -> Refused:
    return Refused(row, later=later, **message_values(decision.image_url))
