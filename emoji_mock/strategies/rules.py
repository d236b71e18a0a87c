"""Rules and scenarios."""

from hypothesis import strategies as st

from emoji_mock.contract.catalogue import detection_rows
from emoji_mock.contract.endpoint import MODEL
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.rules.rule import Rule
from emoji_mock.strategies.boxes import faces, sizes
from emoji_mock.strategies.values import keys

_PATTERNS = ("*", "*/me.png", "https://example.com/*", "*/blurred/?.*", "[ab]*", "no-such-picture")


# Made once: a strategy that is made for each draw costs more than the draw.
_OUTCOMES = st.sampled_from((Outcome.PASSED, Outcome.FAILED, Outcome.ERROR))
_ROWS = {outcome: st.sampled_from(detection_rows(outcome)) for outcome in (Outcome.FAILED, Outcome.ERROR)}
_SIZES = st.none() | sizes()
_TIMES = st.none() | st.integers(1, 5)
_IMAGE_URLS = st.none() | st.sampled_from(_PATTERNS)
_MODELS = st.none() | st.sampled_from((MODEL, "emoji-v1"))
_FACES = st.none() | faces()


def rules(keys: st.SearchStrategy[str] = keys()) -> st.SearchStrategy[Rule]:  # noqa: B008 - a strategy is a value
    """Draw rules with every outcome, for detections and videos. A rule for one key takes it from `keys`."""
    return _rules(st.none() | keys)


@st.composite
def _rules(draw: st.DrawFn, keys: st.SearchStrategy[str | None]) -> Rule:
    outcome = draw(_OUTCOMES)
    row = None if outcome is Outcome.PASSED else draw(_ROWS[outcome])
    size = draw(_SIZES) if row is None else None
    return Rule(
        outcome=outcome,
        code=None if row is None else row.name,
        times=draw(_TIMES),
        image_url=draw(_IMAGE_URLS),
        model=draw(_MODELS),
        key=draw(keys),
        face=draw(_FACES if size is None else st.none() | faces(size)) if row is None else None,
        image_size=size,
    )


def scenarios(max_size: int = 5) -> st.SearchStrategy[list[Rule]]:
    """Draw lists of at most `max_size` rules, in the order in which the fake tries them."""
    return st.lists(rules(), max_size=max_size)
