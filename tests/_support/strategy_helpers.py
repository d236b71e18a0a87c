"""What the tests of the strategies share."""

from hypothesis import Phase, given, seed, settings


def drawn(strategy, count):
    """Return what Hypothesis draws without looking for more, the simplest first."""
    examples = []

    @seed(7)
    @settings(max_examples=count, phases=[Phase.generate], database=None)
    @given(strategy)
    def draw(example):
        examples.append(example)

    draw()
    return examples
