"""What an assertion about calls may name."""

import pytest

from emoji_mock import Fake
from emoji_mock.testing.api import EmojiApi
from emoji_mock.testing.book import Book


@pytest.mark.parametrize("word", ["assert_called", "assert_not_called", "wait_for_call"])
@pytest.mark.parametrize(
    ("criteria", "error", "told"),
    [
        ({"url": "*/me.png"}, TypeError, "no criterion 'url'; there are image_url, model, key, outcome, code"),
        ({"outcome": "pass"}, ValueError, "outcome: 'pass' is none of passed, failed, error"),
        ({"code": "FacePos"}, ValueError, "code: no code 'FacePos'; the nearest: FacePose"),
    ],
    ids=["a name", "an outcome", "a code"],
)
def test_a_typo_is_an_error(word, criteria, error, told):
    """A criterion that no call could meet is told at once, with or without calls, whatever the expectation."""
    api = EmojiApi(Book(Fake()))
    with pytest.raises(error, match=told):
        getattr(api, word)(**criteria)
