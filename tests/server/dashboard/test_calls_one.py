"""One call: its headers, the rules beside it, the command that repeats it, and the rule that is made of it."""

import json
import shlex

import pytest
from helpers import PATH, URL, body, call, detection, picture, upload
from msgspec import structs

from emoji_mock import Fake, Rule
from emoji_mock.contract.exchange import Request
from emoji_mock.fake.rules.active_rule import EVERYONE
from emoji_mock.server.dashboard.render import render
from emoji_mock.server.dashboard.views.one_call import call as one_call
from emoji_mock.server.dashboard.views.one_call.curl import repeat
from emoji_mock.server.dashboard.views.one_call.rule_of_call import rule_form

ORIGIN = "http://127.0.0.1:8000"


def entry_of(request, fake=None, **changes):
    """Return the journal's entry of a request, with other values."""
    fake = fake or Fake()
    fake.answer(request)
    return structs.replace(fake.store.journal().entries[-1], **changes)


def test_a_call_that_the_journal_does_not_hold_is_none():
    """Numbers begin at 1."""
    fake = Fake()
    fake.answer(call())
    assert [one_call.view(fake, number, ORIGIN) is None for number in (-1, 0, 1, 2)] == [True, True, False, True]


def test_the_headers_of_a_request_are_those_that_the_journal_keeps():
    """Those on which an answer depends; of a key only the fingerprint."""
    request = call(user_agent="me/1", x_dashscope_ossresourceresolve="enable", cookie="secret")
    entry = entry_of(request)
    assert one_call.request_headers_of(entry) == [
        ("host", "dashscope.aliyuncs.com"),
        ("authorization", f"Bearer {entry.key}"),
        ("user-agent", "me/1"),
        ("content-type", "application/json"),
        ("x-dashscope-ossresourceresolve", "enable"),
    ]
    assert entry.key.startswith("key:")


def test_a_key_in_another_header_is_hidden():
    """As in every text of the journal, whatever the header."""
    key = "sk-0123456789abcdef0123456789abcdef"
    entry = entry_of(call(key=key, content_type=f"application/json; key={key}"))
    assert entry.headers == f"content-type: application/json; key={entry.key}"


@pytest.mark.parametrize(
    ("request_", "rule"),
    [
        (call(), None),
        (call(target="/nowhere"), None),
        (call(key="sk-mock-invalid"), None),
        (call(), Rule(outcome="error", code="RateQuota", retry_after=7)),
        (call(b"", target="/api/v1/tasks/no-such-task", method="GET"), None),
    ],
    ids=["passed", "unknown path", "refused key", "Retry-After", "task"],
)
def test_the_headers_of_an_answer_are_those_that_were_sent(request_, rule):
    """They are made anew from the journal; all but the times are the same."""
    fake = Fake()
    if rule is not None:
        fake.store.add_rule(rule)
    sent = fake.answer(request_)
    made = one_call.answer_headers_of(fake, fake.store.journal().entries[0])

    def lasting(headers):
        return [(name, value) for name, value in headers if "time" not in name and name != "date"]

    assert lasting(made) == lasting(sent.headers)
    assert [name for name, _ in made] == [name for name, _ in sent.headers]


def test_rules_that_came_near_are_compared_criterion_by_criterion():
    """The nearest first; of the account and of everyone, never those of others."""
    fake = Fake()
    fake.store.add_rule(Rule(outcome="failed", code="NoHuman", image_url="*/you.png", model="emo-detect-v1"))
    fake.store.add_rule(Rule(outcome="failed", code="NoHuman", image_url="*/you.png", model="emoji-detect-v1"))
    fake.store.add_rule(Rule(outcome="passed"), "test")
    fake.store.add_rule(Rule(outcome="error", code="RateQuota"), "others")
    fake.answer(call())
    near = one_call.view(fake, 1, ORIGIN).near
    assert [(one.active.namespace, one.missing, one.says) for one in near] == [
        ("test", 0, "it matches such a call"),
        (EVERYONE, 1, "1 of 2 criteria not met"),
        (EVERYONE, 2, "2 of 2 criteria not met"),
    ]
    assert [(fit.name, fit.problem) for fit in near[1].fits] == [
        ("image_url", "'https://example.com/me.png' is not like '*/you.png'"),
        ("model", ""),
    ]


def test_a_rule_that_is_used_up_or_applies_by_chance_says_so():
    """It matches, and yet need not apply to the next call."""
    fake = Fake()
    fake.store.add_rule(Rule(latency=0, chance=0.5))
    fake.store.add_rule(Rule(outcome="passed", times=1))
    fake.answer(call())
    assert [one.says for one in one_call.view(fake, 1, ORIGIN).near] == [
        "it matches, and is used up",
        "it matches such a call, by chance",
    ]


def test_the_farther_rules_are_counted():
    """Five are compared."""
    fake = Fake()
    for _ in range(7):
        fake.store.add_rule(Rule(latency=0))
    fake.answer(call())
    shown = one_call.view(fake, 1, ORIGIN)
    assert (len(shown.near), shown.others) == (5, 2)


def parsed(command):
    """Return the request that a command for curl makes."""
    words = shlex.split(command.replace("\\\n", ""))
    assert words[:4] == ["curl", "--globoff", "--path-as-is", "-X"]
    method, url, *rest = words[4:]
    assert url.startswith(ORIGIN)
    given = [value for name, value in zip(rest[::2], rest[1::2], strict=True) if name == "-H"]
    data = [value for name, value in zip(rest[::2], rest[1::2], strict=True) if name == "--data-binary"]
    headers = tuple(tuple(one.split(": ", 1)) for one in given)
    return Request(method, url.removeprefix(ORIGIN), headers, "".join(data).encode())


@pytest.mark.parametrize(
    "request_",
    [
        call(),
        call(body('https://example.com/it\'s "$HOME" `id` é.png')),
        call(body(f"{URL}?\x1b[201~\u202e")),
        call(b"no JSON, 'quoted'"),
        call(target=f"{PATH}?a=$(id)&b='[1-9]'"),
        call(key=None, authorization=None),
        call(b"", target="/api/v1/tasks?page_no=1", method="GET", content_type=None),
        call(key="sk-mock-invalid"),
        call(host="dashscope-intl.aliyuncs.com"),
        detection("emo-detect-v1", "https://emoji-mock.test/failed/FacePose.png", parameters={"ratio": "3:4"}),
    ],
    ids=["usual", "quotes", "controls", "no JSON", "query", "no key", "GET", "refused key", "other region", "sibling"],
)
def test_the_command_repeats_the_call(request_):
    """A shell reads it as a request to which the fake gives the same answer."""
    fake = Fake()
    fake.answer(request_)
    made = repeat(fake.store.journal().entries[0], ORIGIN)
    assert made.command.isprintable() or "\n" in made.command
    fake.answer(parsed(made.command))
    first, second = fake.store.journal().entries
    for name in ("namespace", "method", "target", "endpoint", "model", "image_url", "outcome", "row", "status"):
        assert getattr(first, name) == getattr(second, name), name


def test_the_command_never_has_a_key():
    """An account is named by its mock key, which is no secret; for any other key there is a variable."""
    entry = entry_of(call(key="sk-0123456789abcdef0123456789abcdef"))
    made = repeat(entry, ORIGIN)
    assert '-H "authorization: Bearer $DASHSCOPE_API_KEY"' in made.command
    assert "0123456789abcdef" not in made.command
    assert made.note == "No key is kept: set DASHSCOPE_API_KEY first."


def test_a_body_that_was_cut_is_to_be_put_into_a_file():
    """The journal keeps the beginning of a long one."""
    made = repeat(entry_of(call(body(URL + "x" * 3000))), ORIGIN)
    assert made.command.endswith("--data-binary @request.json")
    assert made.note == "The journal keeps a part of the body only: put the whole into request.json."


def test_an_upload_cannot_be_repeated():
    """Its file is not in the journal."""
    fake = Fake()
    upload(fake, picture())
    stored = next(entry for entry in fake.store.journal().entries if entry.endpoint == "storage")
    assert repeat(stored, ORIGIN) == (
        "",
        "The journal does not keep the file of an upload, so no command can repeat it.",
    )


@pytest.mark.parametrize("field", ["method", "target", "headers"])
def test_a_head_with_control_characters_makes_no_command(field):
    """A terminal may act on what is pasted into it."""
    assert repeat(entry_of(call(), **{field: "/\x1b[201~"}), ORIGIN).command == ""


@pytest.mark.parametrize(
    ("request_", "chosen", "criteria"),
    [
        (call(), "passed", ["model", "image_url"]),
        (call(body("https://emoji-mock.test/failed/FacePose.png")), "InvalidFile.FacePose", ["model", "image_url"]),
        (call(body("https://example.com/[a]*?.png")), "passed", ["model", "image_url"]),
        (call(body(f"https://example.com/{'x' * 600}")), "passed", ["model"]),
        (call(b"", target="/api/v1/tasks?page_no=1", method="GET"), "", []),
    ],
    ids=["passed", "failed", "characters of patterns", "a long URL", "a list of tasks"],
)
def test_a_rule_of_a_call_has_its_answer_and_what_selects_it(request_, chosen, criteria):
    """A text of the call is a criterion if a rule with it applies to the call."""
    form = rule_form(entry_of(request_))
    assert (form.chosen, [name for name, _ in form.criteria]) == (chosen, criteria)


def test_each_answer_that_a_rule_of_a_call_offers_is_a_valid_rule():
    """With the criteria of the call, it decides the next one like it."""
    fake = Fake()
    form = rule_form(entry_of(call(), fake))
    offered = [answer for answers in form.groups.values() for answer in answers]
    assert {"passed", "InvalidFile.FacePose", "Throttling.RateQuota", "reset"} <= {answer.name for answer in offered}
    assert len({answer.name for answer in offered}) == len(offered)
    for answer in offered:
        active = fake.store.add_rule(Rule(**json.loads(answer.document), **dict(form.criteria), times=1), "test")
        fake.answer(call())
        last = fake.store.journal(limit=1000).entries[-1]
        assert answer.name in (last.outcome, last.row, last.fault), answer
        fake.store.remove_rule(active.id)


def test_no_rule_is_made_of_a_call_to_an_unknown_path():
    """None would apply there."""
    assert rule_form(entry_of(call(target="/nowhere"))) is None


def test_hostile_texts_are_escaped_and_a_report_has_no_controls():
    """Whatever the caller sent is text."""
    fake = Fake()
    evil = "</pre><img src=x onerror=alert(1)>"
    fake.store.add_rule(Rule(outcome="failed", code="NoHuman", image_url=f"*{evil}"))
    fake.answer(call(body(evil, model=evil), target=f"{PATH}?{evil}", user_agent=evil, content_type=evil))
    for live in (True, False):
        html = render("call", view=one_call.view(fake, 1, ORIGIN), live=live)
        assert "<img" not in html
        assert html.count("onerror=alert(1)&gt;") > 5
        assert ("<button" in html) is live
        assert ("<form" in html) is live
