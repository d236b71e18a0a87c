"""Tests of the exceptions: their texts, and that they can be pickled."""

import pickle

import pytest

from emoji_mock import client
from emoji_mock.client import DetectionFailedError, EmojiError, Failed, ThrottledError

FAMILY = sorted(name for name in client.__all__ if name.endswith("Error"))


@pytest.mark.parametrize("name", FAMILY)
def test_one_base_class(name):
    """Each is an EmojiError, is not passed, and has the right outcome."""
    kind = getattr(client, name)
    assert issubclass(kind, EmojiError)
    assert kind.passed is False
    assert kind.outcome == ("failed" if name in {"DetectionFailedError", "TaskFailedError"} else "error")


def test_the_text_has_code_message_origin_and_hint():
    """All in one line, and only what is known."""
    error = ThrottledError("Slow down.", code="Throttling", status=429, request_id="33da", hint="Wait.")
    assert str(error) == "Throttling: Slow down. [HTTP 429, request 33da] Wait."
    assert str(EmojiError("Nothing there.")) == "Nothing there."


@pytest.mark.parametrize(
    "error",
    [
        ThrottledError(
            "m", code="c", status=429, request_id="r", billed=None, retryable=True, retry_after=2.0, hint="h"
        ),
        DetectionFailedError(Failed("InvalidFile.Value", "m", "r")),
    ],
)
def test_errors_pickle(error):
    """A pickled exception keeps every attribute."""
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert vars(again) == vars(error)
    assert str(again) == str(error)
    assert again.args == error.args
