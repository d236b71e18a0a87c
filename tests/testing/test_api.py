"""The API of a test without pytest's fixtures."""

import asyncio
import http.client
import inspect

import httpx
import pytest
from helpers import BODY, URL

import emoji_mock
from emoji_mock.testing import messages

VENDOR = "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect"


def detect(key="sk-mock-test"):
    """Ask the vendor."""
    return httpx.post(VENDOR, json=BODY, headers={"authorization": f"Bearer {key}"})


def test_interception_gives_what_the_fixture_gives():
    """`intercept()` returns an EmojiApi of a fresh fake, like the fixture."""
    with emoji_mock.intercept() as emoji_api:
        emoji_api.when("*/me.png").fails("FacePose", times=1)
        assert detect().json()["output"]["code"] == "InvalidFile.FacePose"
        assert "bbox_face" in detect().json()["output"]
        emoji_api.assert_called(times=2, image_url=URL)
        assert (emoji_api.ledger.images, str(emoji_api.ledger.cost)) == (2, "0.008")


def test_an_unused_rule_is_listed_with_its_endpoint():
    """And with the answer that it would have given; a call of another endpoint does not use it."""
    with emoji_mock.intercept() as emoji_api:
        emoji_api.when(endpoint="storage").errors("InternalError", times=1)
        emoji_api.when(endpoint="face_detect").faults("drip", seconds=0.001)
        detect()
        message = messages.unused_rules(emoji_api._registry)
    assert message.startswith(
        "1 rule of this test was never used:\n  endpoint='storage' -> error storage-internal-error, "
    )
    assert emoji_api.calls[0].endpoint == "face_detect"


def test_control_characters_are_not_in_a_failure():
    """URLs and the User-Agent come from the code under test, and from whatever that has read."""
    with emoji_mock.intercept() as emoji_api:
        httpx.post(
            VENDOR,
            json=BODY | {"input": {"image_url": "https://x.test/\x1b[2Ja.png"}},
            headers={"authorization": "Bearer sk-mock-test"},
        )
        with pytest.raises(AssertionError) as failed:
            emoji_api.assert_called(times=3)
    assert "\x1b" not in str(failed.value)
    assert "https://x.test/�[2Ja.png" in str(failed.value)


def test_interception_decorates():
    """As a decorator it gives every call of the function its own fake."""
    fake = emoji_mock.Fake()

    @emoji_mock.intercept(fake)
    def ask():
        connection = http.client.HTTPSConnection("dashscope.aliyuncs.com")
        connection.request("GET", "/")
        return connection.getresponse().status

    assert [ask(), ask()] == [401, 401]
    assert [entry.number for entry in fake.store.journal().entries] == [1, 2]


@pytest.mark.asyncio
async def test_interception_decorates_coroutine_functions():
    """The fake answers until the coroutine is done; each call has its own, and returns its result."""

    @emoji_mock.intercept()
    async def ask(times):
        async with httpx.AsyncClient() as client:
            await asyncio.sleep(0)
            answers = [await client.post(VENDOR) for _ in range(times)]
        return [answer.json()["code"] for answer in answers]

    assert inspect.iscoroutinefunction(ask)
    assert (await ask(1), await ask(times=2)) == (["InvalidApiKey"], ["InvalidApiKey"] * 2)


def test_interception_decorates_no_class():
    """The methods of a class would call the vendor after the interception has ended: TypeError."""
    with pytest.raises(TypeError, match=r"Tests is a class, whose work is done after the call: use `with` inside it"):
        emoji_mock.intercept()(type("Tests", (), {}))


def test_nested_interceptions():
    """The inner one answers until it ends; one object can be entered again, also within itself."""
    kept = emoji_mock.intercept()
    with kept as outer:
        with kept as inner, emoji_mock.intercept() as innermost:
            detect()
        detect()
        with kept as again:
            detect()
    assert [len(one.calls) for one in (outer, inner, innermost, again)] == [1, 0, 1, 1]


def test_an_exception_leaves_nothing_behind():
    """It is raised from the block or the decorated function, and the interceptors are removed."""

    @emoji_mock.intercept()
    def ask():
        raise ZeroDivisionError

    before = httpx.HTTPTransport.handle_request
    with pytest.raises(ZeroDivisionError):
        ask()
    with pytest.raises(ZeroDivisionError), emoji_mock.intercept():
        raise ZeroDivisionError
    assert httpx.HTTPTransport.handle_request is before


def test_calls_by_key():
    """A call can be selected by its key, which no failure shows."""
    with emoji_mock.intercept() as emoji_api:
        detect("sk-of-mine")
        emoji_api.assert_called(key="sk-of-mine")
        with pytest.raises(AssertionError, match=r"matching key='key:[0-9a-f]{12}'") as failure:
            emoji_api.assert_called(key="sk-of-yours")
    assert "no match: key is key:" in str(failure.value)
    assert "yours" not in str(failure.value)


@pytest.mark.parametrize(
    ("verb", "code", "message"),
    [
        ("fails", "RateQuota", "code: 'RateQuota' must have the outcome error, not failed; use errors('RateQuota')"),
        ("errors", "FacePose", "code: 'FacePose' must have the outcome failed, not error; use fails('FacePose')"),
        ("fails", "NoSuch", "code: unknown code 'NoSuch' for failed; "),
        ("fails", "EntityTooLarge", "code: 'EntityTooLarge' comes from the storage, and no picture gets it;"),
    ],
)
def test_the_wrong_method_for_a_code_names_the_right_one(verb, code, message):
    """For a code that no method takes, the message does not."""
    with emoji_mock.intercept() as emoji_api, pytest.raises(ValueError) as failure:
        getattr(emoji_api, verb)(code)
    assert str(failure.value).startswith(message)
    assert ("Say " in str(failure.value)) is ("Say " in message)


def ask(model):
    """Ask the vendor for a detection by a model."""
    return httpx.post(VENDOR, json={**BODY, "model": model}, headers={"authorization": "Bearer sk-mock-test"})


def test_every_verb_takes_a_model():
    """The rule is for that model alone, and each says so as `when` does."""
    with emoji_mock.intercept() as emoji_api:
        emoji_api.fails("NoHuman", model="liveportrait-detect")
        emoji_api.errors("RateQuota", model="wan2.2-s2v-detect", times=1)
        emoji_api.passes(model="wan2.2-s2v-detect", times=1)
        emoji_api.slow(0, model="emo-detect-v1")
        emoji_api.when(model="emo-detect-v1").faults("bad_gateway", model="emo-detect-v1")
        assert "bbox_face" in ask("emoji-detect-v1").json()["output"]
        assert ask("liveportrait-detect").json()["output"] == {"pass": False, "message": "No human face detected."}
        assert [ask("wan2.2-s2v-detect").status_code for _ in range(3)] == [200, 429, 200]
        assert ask("emo-detect-v1").status_code == 502
        assert emoji_api._registry.unused() == [emoji_api._registry.rules()[1]]  # a fault that is tried before it


@pytest.mark.parametrize(
    ("steer", "said"),
    [
        (
            lambda api: api.fails("FullBody", model="emoji-detect-v1"),
            "model: emoji-detect-v1 never answers 'InvalidFile.FullBody'; emo-detect-v1 can",
        ),
        (
            lambda api: api.passes(model="liveportait-detect"),
            "model: unknown model 'liveportait-detect'; did you mean liveportrait-detect?",
        ),
        (
            lambda api: api.passes(face=(1, 2, 3, 4), model="wan2.2-s2v-detect"),
            "face: the answer of wan2.2-s2v-detect has no boxes; leave it out",
        ),
        (
            lambda api: api.when(model="emo-v1").errors("RateQuota", model="emoji-v1"),
            "model: when() says 'emo-v1', and not 'emoji-v1'; say one of them",
        ),
    ],
)
def test_a_model_that_a_rule_cannot_meet_fails_the_line(steer, said):
    """When the rule is added, and not when it was never used."""
    with emoji_mock.intercept() as emoji_api, pytest.raises(ValueError) as failure:
        steer(emoji_api)
    assert str(failure.value) == said


def test_a_refusal_by_key_is_explained():
    """If every call was refused for its key, the likely cause lists the reasons."""
    with emoji_mock.intercept() as emoji_api:
        detect("sk-mock-invalid")
        with pytest.raises(AssertionError) as failure:
            emoji_api.assert_called(outcome="passed")
    assert "InvalidApiKey (no key, the key sk-mock-invalid, or a host of another region)" in str(failure.value)


def test_a_caller_that_is_not_resilient():
    """The failure lists the findings with their calls and advice, then every call; other findings are counted."""
    with emoji_mock.intercept() as emoji_api:
        emoji_api.errors("Arrearage", times=2)
        detect(), detect()
        emoji_api.fails("FacePose")
        detect(), detect()
        with pytest.raises(AssertionError) as failure:
            emoji_api.assert_resilient()
        ids = [entry.request_id for entry in emoji_api.calls]
        emoji_api.assert_resilient(ignore=["retried-hopeless"])
        emoji_api.assert_resilient(ignore="retried-hopeless")
        with pytest.raises(AssertionError, match="the caller is not resilient: 2 findings"):
            emoji_api.assert_resilient(strict=True)
        for ignored in (["hopeless"], "hopeless"):
            with pytest.raises(ValueError, match="ignore: unknown finding 'hopeless'; did you mean retried-hopeless"):
                emoji_api.assert_resilient(ignore=ignored)
    client = f"python-httpx/{httpx.__version__}"
    assert str(failure.value) == (
        "the caller is not resilient: 1 finding.\n"
        "\n"
        f"  wrong  retried-hopeless: {URL}: repeated unchanged after 400 Arrearage (and 1 more like it)\n"
        "      shown by #1, #2, #3 (namespace test)\n"
        "      instead: Retry only 429, 5xx and lost connections; any other 4xx stays the same until the request"
        " changes.\n"
        "\n"
        "1 more finding does not count here; emoji_api.verdict lists all.\n"
        "\n"
        "The fake was called 4 times:\n"
        f"  #1  400 error Arrearage  {URL}  ({client}, request_id {ids[0]})\n"
        f"  #2  400 error Arrearage  {URL}  ({client}, request_id {ids[1]})\n"
        f"  #3  200 failed InvalidFile.FacePose  {URL}  ({client}, request_id {ids[2]})\n"
        f"  #4  200 failed InvalidFile.FacePose  {URL}  ({client}, request_id {ids[3]})\n"
        "\n"
        '`emoji-mock explain FINDING` says how one is recognised; ignore=["FINDING"] leaves it out.'
    )


def test_no_call_to_judge():
    """Without a call the assertion fails with the likely cause."""
    with emoji_mock.intercept() as emoji_api, pytest.raises(AssertionError) as failure:
        emoji_api.assert_resilient()
    assert str(failure.value) == (
        "there is no call to judge: the fake was not called.\n"
        "\n"
        "Likely cause: the code under test did not reach the vendor's host in this process. Does it run in a subprocess,"
        " or read a base URL of its own? Then use emoji_server, whose address is in DASHSCOPE_HTTP_BASE_URL, and start a"
        " program that calls the vendor's host with env=emoji_server.env()."
    )


def test_a_resilient_caller():
    """The verdict is an empty list, and prints as such."""
    with emoji_mock.intercept() as emoji_api:
        detect()
        emoji_api.assert_resilient(strict=True)
        assert emoji_api.verdict == []
        assert str(emoji_api.verdict) == "1 exchange judged: nothing found."
