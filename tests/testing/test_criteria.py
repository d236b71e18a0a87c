"""The criteria of assertions about calls."""

import anyio
import pytest
from helpers import body, call

from emoji_mock import Fake, Rule
from emoji_mock.fake.rules.rule import RequestFacts
from emoji_mock.testing.api import EmojiApi
from emoji_mock.testing.rule_registry import RuleRegistry


@pytest.mark.parametrize("word", ["assert_called", "assert_not_called", "wait_for_call"])
@pytest.mark.parametrize(
    ("criteria", "error", "message"),
    [
        (
            {"url": "*/me.png"},
            TypeError,
            "unknown criterion 'url'; choose from image_url, model, key, outcome, code, endpoint",
        ),
        ({"outcome": "pass"}, ValueError, "outcome: unknown outcome 'pass'; choose from passed, failed, error"),
        (
            {"endpoint": "faces"},
            ValueError,
            "endpoint: unknown endpoint 'faces'; choose from face_detect, uploads, storage, aa_detect, video_",
        ),
        ({"code": "FacePos"}, ValueError, "code: unknown code 'FacePos'; the nearest: FacePose"),
    ],
    ids=["a name", "an outcome", "an endpoint", "a code"],
)
def test_a_typo_is_an_error(word, criteria, error, message):
    """An unknown criterion is an error, with or without calls, in every assertion."""
    api = EmojiApi(RuleRegistry(Fake()))
    with pytest.raises(error, match=message):
        getattr(api, word)(**criteria)


def called(image_url="https://example.com/me.png"):
    """Return an api whose fake was called once."""
    api = EmojiApi(RuleRegistry(Fake()))
    api.fake.answer(call(body(image_url)))
    return api


def test_a_url_matches_itself():
    """Also if it contains characters that are special in a pattern."""
    url = "https://example.com/me.png?sig=[a]&x=*"
    called(url).assert_called(image_url=url)
    rule = Rule(outcome="passed", image_url=url)
    assert rule.matches(RequestFacts("emoji-detect-v1", url, ""))
    assert not rule.matches(RequestFacts("emoji-detect-v1", "https://example.com/me.png?sig=b&x=", ""))


@pytest.mark.parametrize("times", ["*/me.png", "1", -1, 1.5, True])
def test_times_is_a_whole_number(times):
    """A pattern that was meant for `image_url` is recognised."""
    with pytest.raises(TypeError, match=r"^times: .* is not a whole number from 0 on; a picture is image_url="):
        called().assert_called(times)


def test_a_data_url_is_shortened():
    """So that the lines of a failure are readable."""
    api = called("data:image/png;base64," + "A" * 5000)
    with pytest.raises(AssertionError) as caught:
        api.assert_called(image_url="*/me.png")
    assert max(map(len, str(caught.value).splitlines())) < 400
    assert "A… (" in str(caught.value)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_waiting_in_an_event_loop_is_refused(backend):
    """It would block the loop that has to make the call; a call that was made already is returned all the same."""

    async def wait(api):
        return api.wait_for_call()

    assert anyio.run(wait, called(), backend=backend).outcome == "passed"
    with pytest.raises(RuntimeError, match="would block the event loop that has to make the call"):
        anyio.run(wait, EmojiApi(RuleRegistry(Fake())), backend=backend)


def test_the_likely_cause_with_a_server():
    """A test that uses emoji_server is not advised to use it."""
    registry = RuleRegistry(Fake())
    registry.url = "http://127.0.0.1:1"
    api = EmojiApi(registry)
    with pytest.raises(
        AssertionError, match="Does it read DASHSCOPE_HTTP_BASE_URL or DASHSCOPE_BASE_URL, after the fixture"
    ):
        api.assert_called()


def test_calls_by_endpoint():
    """By the names that rules have; the failure has the actual endpoint."""
    api = EmojiApi(RuleRegistry(Fake()))
    api.fake.answer(call())
    api.assert_called(times=1, endpoint="face-detect")
    api.assert_not_called(endpoint="task")
    with pytest.raises(AssertionError, match="no match: endpoint is face_detect, not uploads"):
        api.assert_called(endpoint="uploads")
