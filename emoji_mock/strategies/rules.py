"""Rules and scenarios."""

from hypothesis import strategies as st

from emoji_mock.contract.catalogue import detection_rows
from emoji_mock.contract.endpoint import MODEL
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.rules.rule import Rule
from emoji_mock.strategies.boxes import faces, sizes
from emoji_mock.strategies.values import keys

_PATTERNS = ("*", "*/me.png", "https://example.com/*", "*/blurred/?.*", "[ab]*", "no-such-picture")


@st.composite
def rules(draw: st.DrawFn, keys: st.SearchStrategy[str] = keys()) -> Rule:  # noqa: B008 - a strategy is a value
    """Draw rules with every outcome, for detections and videos. A rule for one key takes it from `keys`."""
    outcome = draw(st.sampled_from((Outcome.PASSED, Outcome.FAILED, Outcome.ERROR)))
    row = None if outcome is Outcome.PASSED else draw(st.sampled_from(detection_rows(outcome)))
    size = draw(st.none() | sizes()) if row is None else None
    return Rule(
        outcome=outcome,
        code=None if row is None else row.name,
        times=draw(st.none() | st.integers(1, 5)),
        image_url=draw(st.none() | st.sampled_from(_PATTERNS)),
        model=draw(st.none() | st.sampled_from((MODEL, "emoji-v1"))),
        key=draw(st.none() | keys),
        face=draw(st.none() | faces(size)) if row is None else None,
        image_size=size,
    )


def scenarios(max_size: int = 5) -> st.SearchStrategy[list[Rule]]:
    """Draw lists of at most `max_size` rules, in the order in which the fake tries them."""
    return st.lists(rules(), max_size=max_size)
