"""A rule that was never used: the failure says which calls came near, criterion by criterion, and what hindered each."""

import json
import re

import pytest
from helpers import URL, body, call, masked

from emoji_mock import Fake, Limits, Options, Rule
from emoji_mock.fake.accounting.api_keys import fingerprint
from emoji_mock.fake.clock import Clock
from emoji_mock.testing import messages
from emoji_mock.testing.api import EmojiApi
from emoji_mock.testing.rule_registry import RuleRegistry

AA_DETECT = "/api/v1/services/aigc/image2video/aa-detect"
SEEN = re.compile(r"^  (#\d+  \S+ \S+).*$", re.MULTILINE)
PLACE = re.compile(r"\([^()]*test_unused_rules\.py:\d+\)")


@pytest.fixture
def api():
    """The API of a fresh fake."""
    return EmojiApi(RuleRegistry(Fake(Options(time_scale=0), clock=Clock())))


def ask(api, model="emoji-detect-v1", image_url=URL, **more):
    """Make a detection."""
    return api.fake.answer(call(body(image_url, model=model), **more))


def explained(api):
    """Return the part of the message about the rules, with the place of each rule as HERE."""
    message = messages.unused_rules(api._registry)
    head, _, rest = message.partition("\n\n")
    assert rest.startswith("The fake was ")
    return PLACE.sub("(HERE)", masked(head))


def test_the_whole_message(api):
    """The rules with the calls that came near, all calls, and what to do."""
    api.when("*/me.png", model="wan2.2-s2v-detect").fails("NoHuman")
    ask(api, image_url="https://a.test/1/me.png")
    ask(api, image_url="https://a.test/2/me.png")
    ask(api, image_url="https://a.test/you.png")
    assert PLACE.sub("(HERE)", masked(messages.unused_rules(api._registry))) == (
        "1 rule of this test was never used:\n"
        "  image_url='*/me.png', model='wan2.2-s2v-detect' -> failed InvalidFile.NoHuman, used 0 times  (HERE)\n"
        "      nearest: #1, #2\n"
        "        image_url  yes\n"
        "        model      no: it is 'emoji-detect-v1', not 'wan2.2-s2v-detect'\n"
        "      1 other call came no nearer.\n"
        "\n"
        "The fake was called 3 times:\n"
        "  #1  200 passed  https://a.test/1/me.png  (no User-Agent, request_id ID)\n"
        "  #2  200 passed  https://a.test/2/me.png  (no User-Agent, request_id ID)\n"
        "  #3  200 passed  https://a.test/you.png  (no User-Agent, request_id ID)\n"
        "\n"
        "Remove the rules that are not needed, or allow unused ones: @pytest.mark.emoji(strict=False)."
    )


def test_an_earlier_rule_is_named_with_its_line(api):
    """Of two that could have taken a call, the one that was not yet used up took it."""
    api.when(model="emoji-detect-v1").fails("FacePose", times=1)
    api.passes(times=1)
    first = api._registry.rules()[0].place
    api.passes(times=1)
    second = api._registry.rules()[0].place
    ask(api), ask(api)
    lines = messages.unused_rules(api._registry).splitlines()
    assert lines[2:8] == [
        "      nearest: #1",
        "        model  yes",
        f"        order  no: a rule that is tried before took the call: any call -> passed, used 1 of 1  ({second})",
        "      nearest: #2",
        "        model  yes",
        f"        order  no: a rule that is tried before took the call: any call -> passed, used 1 of 1  ({first})",
    ]


def faulty(api):
    """Let an earlier rule break the call."""
    api.faults("reset")
    ask(api)


def failing_task(api):
    """Let an earlier rule fail a task."""
    api.fails("FacePose")
    sent = {"video_url": "https://example.com/me.mp4"}
    target = "/api/v1/services/aigc/image2video/aa-template-generation"
    payload = json.dumps({"model": "animate-anyone-template-gen2", "input": sent}).encode()
    api.fake.answer(call(payload, target=target, x_dashscope_async="enable"))


def own_words(api):
    """Let an earlier rule fail a call in the words of its model."""
    api.fails("FacePose")
    ask(api, "wan2.2-s2v-detect")


@pytest.mark.parametrize(
    ("take", "line"),
    [
        (faulty, "any call -> fault reset, used 1 time"),
        (failing_task, "any call -> failed InvalidFile.FacePose, used 1 time"),
        (own_words, "any call -> failed InvalidFile.FacePose, used 1 time"),
    ],
)
def test_an_earlier_rule_of_every_kind_is_recognised(api, take, line):
    """By the fault, by the task that will fail, by the answer in the model's own words."""
    api.passes(times=3)
    take(api)
    assert explained(api).splitlines()[2:] == [
        "      nearest: #1",
        f"        order  no: a rule that is tried before took the call: {line}  (HERE)",
    ]


@pytest.mark.parametrize(
    ("steer", "make", "lines"),
    [
        (
            lambda api: api.fails("FullBody"),
            ask,
            ["nearest: #1", "  code  no: emoji-detect-v1 never answers 'InvalidFile.FullBody'; emo-detect-v1 can"],
        ),
        (
            lambda api: api.when("me.png").passes(),
            ask,
            [
                "nearest: #1",
                f"  image_url  no: '{URL}' is not like 'me.png'; a pattern must match the whole URL: '*me.png*'",
            ],
        ),
        (
            lambda api: api.when("*/ME.png").passes(),
            ask,
            ["nearest: #1", f"  image_url  no: '{URL}' is not like '*/ME.png'; they differ in capital letters only"],
        ),
        (
            lambda api: api.when(endpoint="aa-detect").passes(),
            lambda api: (ask(api), api.fake.answer(call(b"", method="GET", target="/tasks"))),
            [
                "nearest: #1",
                "  endpoint  no: it is face_detect, not aa_detect",
                "nearest: #2",
                "  endpoint  no: it is tasks, not aa_detect",
            ],
        ),
        (
            lambda api: api.errors("RateQuota"),
            lambda api: api.fake.answer(call(b"", method="GET", target="/tasks")),
            ["nearest: #1", "  endpoint  no: it is tasks, where nothing is inspected; say when(endpoint='tasks')"],
        ),
        (
            lambda api: api.fails("FacePose"),
            lambda api: api.fake.answer(call(target="/nothing")),
            ["nearest: #1", "  endpoint  no: it is an unknown path, where nothing is inspected"],
        ),
        (
            lambda api: api.when(key="sk-mock-a").passes(),
            lambda api: ask(api, key="sk-mock-b"),
            [
                "nearest: #1",
                f"  key  no: it is {fingerprint('sk-mock-b')}, not {fingerprint('sk-mock-a')}",
            ],
        ),
        (
            lambda api: api.when("*", model="emoji-detect-v1").passes(),
            lambda api: ask(api, key="sk-mock-arrears"),
            [
                "nearest: #1",
                "  image_url  yes",
                "  model      yes",
                (
                    "  reached    no: the call was refused before any rule applies: 400 Arrearage (an unpaid account; the"
                    " status is 400)"
                ),
            ],
        ),
        (
            lambda api: api.when("*/me.png", model="emoji-detect-v1").passes(),
            lambda api: ask(api, key="sk-mock-invalid"),
            [
                "nearest: #1",
                (
                    "  image_url  no: not read, as the call was refused before: 401 InvalidApiKey (a bad, deleted or"
                    " wrong-region key)"
                ),
                (
                    "  model      no: not read, as the call was refused before: 401 InvalidApiKey (a bad, deleted or"
                    " wrong-region key)"
                ),
            ],
        ),
        (lambda api: api.passes(), str, []),
    ],
)
def test_what_hinders_a_call_is_told(api, steer, make, lines):
    """Each criterion of the rule, and what else was in the way; without a call there is nothing to tell."""
    steer(api)
    make(api)
    assert explained(api).splitlines()[2:] == [f"      {line}" for line in lines]


def test_a_call_before_the_rule_is_told(api):
    """A rule applies from when it is added."""
    ask(api)
    api.passes()
    assert explained(api).splitlines()[2:] == [
        "      nearest: #1",
        "        time  no: the call came before the rule was added",
    ]


def test_many_rules_and_calls_are_bounded(api):
    """A few numbers of each group, three groups of a rule, ten rules that are explained, and twenty that are listed."""
    for number in range(30):
        api.when(f"*/{number}.gif", model="emo-detect-v1").passes()
    for number in range(60):
        ask(api, ("emoji-detect-v1", "wan2.2-s2v-detect", "liveportrait-detect", "made-up")[number % 4])
    lines = explained(api).splitlines()
    assert lines[:5] == [
        "30 rules of this test were never used:",
        "  image_url='*/29.gif', model='emo-detect-v1' -> passed, used 0 times  (HERE)",
        "      nearest: #1, #5, #9 and 12 more",
        f"        image_url  no: '{URL}' is not like '*/29.gif'",
        "        model      no: it is 'emoji-detect-v1', not 'emo-detect-v1'",
    ]
    assert lines[11] == "      15 other calls came no nearer."
    assert lines[-1] == "  … 10 more"
    assert len(lines) == 1 + 20 + 10 * 10 + 1


def test_a_picture_that_fails_as_an_http_error_is_explained(api):
    """wan2.2-s2v-detect refuses some pictures so: an error, not billed, where a test may expect `failed`."""
    api.fails("NoHuman")
    ask(api, "wan2.2-s2v-detect")
    api.assert_called(outcome="error", code="NoHuman")
    with pytest.raises(AssertionError) as failed:
        api.assert_called(outcome="failed")
    assert PLACE.sub("(HERE)", masked(str(failed.value))) == (
        "expected a call matching outcome='failed', but there was none.\n"
        "\n"
        "The fake was called 1 time:\n"
        f"  #1  400 error InvalidFile.NoHuman  wan2.2-s2v-detect  {URL}  (no User-Agent, request_id ID)\n"
        "      no match: outcome is error, not failed: wan2.2-s2v-detect refuses this picture with HTTP 400, which is"
        " not billed (see failed_as)\n"
        "\n"
        "Registered, in the order in which they are tried:\n"
        "  any call -> failed InvalidFile.NoHuman, used 1 time  (HERE)\n"
        "\n"
        "Likely cause: wan2.2-s2v-detect refuses such a picture with HTTP 400, which counts as an error and is not"
        ' billed: expect outcome="error", or let all models fail alike by @pytest.mark.emoji(failed_as=200).'
    )


def test_a_failure_without_a_code_is_explained(api):
    """Other pictures wan2.2-s2v-detect fails without a word."""
    api.fails("FacePose")
    ask(api, "wan2.2-s2v-detect")
    with pytest.raises(AssertionError, match=r"code is none, not FacePose: wan2\.2-s2v-detect fails without a code\n"):
        api.assert_called(code="FacePose")


def test_a_limit_is_what_refused_a_call():
    """A call beyond a limit reaches no rule."""
    api = EmojiApi(RuleRegistry(Fake(Options(limits=Limits(images=0)), clock=Clock())))
    api.passes()
    ask(api)
    assert explained(api).splitlines()[2:] == [
        "      nearest: #1",
        (
            "        reached  no: the call was refused before any rule applies: 403 AllocationQuota.FreeTierOnly (the 200"
            " free images are used up)"
        ),
    ]


def test_a_rule_of_a_key_s_own_comes_before_those_of_the_test(api):
    """The control API may add one for a namespace; it has no line."""
    api.passes()
    api.fake.store.add_rule(Rule(outcome="failed", code="FacePose"), "test")
    ask(api)
    assert explained(api).splitlines()[2:] == [
        "      nearest: #1",
        (
            "        order  no: a rule that is tried before took the call: any call -> failed InvalidFile.FacePose, used 1"
            " time  (the control API)"
        ),
    ]
