"""A helper for the tests of the strategies."""

from hypothesis import Phase, given, seed, settings


def drawn(strategy, count):
    """Return `count` examples of `strategy`, with a fixed seed, the simplest first."""
    examples = []

    @seed(7)
    @settings(max_examples=count, phases=[Phase.generate], database=None)
    @given(strategy)
    def draw(example):
        examples.append(example)

    draw()
    return examples
