"""The criteria of assertions about calls."""

from datetime import UTC, datetime

import anyio
import pytest
from helpers import body, call

from emoji_mock import Fake, Options, Rule
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
        (
            {"outcome": "pass"},
            ValueError,
            r"outcome: unknown outcome 'pass'; did you mean passed\? Choose from passed, failed, error",
        ),
        (
            {"endpoint": "faces"},
            ValueError,
            "endpoint: unknown endpoint 'faces'; choose from face_detect, uploads, storage, aa_detect, video_",
        ),
        ({"code": "FacePos"}, ValueError, "code: unknown code 'FacePos'; did you mean FacePose"),
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
    with pytest.raises(TypeError, match=r"^times: must be a whole number from 0 on, not .*; a picture is image_url="):
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


@pytest.mark.parametrize(
    ("model", "options", "said"),
    [
        (
            "wan2.2-s2v-detct",
            Options(),
            "unknown model 'wan2.2-s2v-detct'; did you mean wan2.2-s2v-detect?",
        ),
        (
            "animate-anyone-detect-gen2",
            Options(),
            "animate-anyone-detect-gen2 is called at /api/v1/services/aigc/image2video/aa-detect",
        ),
        (
            "emo-detect-v1",
            Options(as_of=datetime(2026, 10, 11, tzinfo=UTC)),
            "emo-detect-v1 is retired from 2026-10-10 on, and as_of is 2026-10-11",
        ),
    ],
)
def test_a_refused_model_is_explained(model, options, said):
    """A misspelt model, one on another path, one that is retired: the list of calls says what would be right."""
    fake = Fake(options)
    api = EmojiApi(RuleRegistry(fake))
    fake.answer(call(body(model=model)))
    with pytest.raises(AssertionError) as error:
        api.assert_called(model="emoji-v1")
    assert f"\n      {said}" in str(error.value)
    assert "\n      no match: model is" in str(error.value)


def test_the_likely_cause_without_a_pattern():
    """A pattern is spoken of only where the criteria have one."""
    fake = Fake()
    api = EmojiApi(RuleRegistry(fake))
    fake.answer(call(body(model="wan2.2-s2v-detect")))
    with pytest.raises(AssertionError) as error:
        api.assert_called(model="emo-detect-v1")
    assert str(error.value).endswith("Likely cause: no call meets the criteria.")
