"""What the journal keeps of texts and pictures."""

import pytest
from helpers import body, call, picture, upload
from msgspec import structs

from emoji_mock import Rule
from emoji_mock.fake.accounting.journal import journal_text


def test_a_long_text_is_cut_and_its_length_noted():
    """A whole picture in a URL does not fill the journal."""
    assert journal_text("data:" + "a" * 5000) == "data:" + "a" * 2043 + "… (5005 characters)"


def test_a_short_text_stays():
    """A short text without a key is kept as it is."""
    assert journal_text("https://example.com/task-force.png") == "https://example.com/task-force.png"


def test_a_picture_is_the_same_however_it_is_linked(fake):
    """An upload is identified by its bytes, under any key, and a long link by the part that does not sign it."""
    first, again, other = (upload(fake, picture(size=(640, side))) for side in (800, 800, 801))
    long = f"https://example.com/{'a' * 3000}.png?Expires="
    urls = (first, again, other, f"{long}1&Signature=b", f"{long}2&Signature=c")
    for url in urls:
        fake.answer(call(body(url), x_dashscope_ossresourceresolve="enable"))
    marks = [entry.picture for entry in fake.store.journal().entries if entry.image_url]
    assert marks[0] == marks[1] != marks[2]
    assert marks[3] == marks[4] != marks[2]
    assert {len(mark) for mark in marks} == {16}


def test_an_entry_has_what_the_verdict_needs(fake):
    """Long picture URLs differ by a digest; host, flags and how long a fault lasted are in the entry."""
    long = "data:image/png;base64," + "a" * 3000
    fake.answer(call(body(f"{long}b"), x_dashscope_async="enable"))
    fake.answer(call(body(f"{long}c")))
    fake.store.add_rule(Rule(fault="stall", seconds=70))
    fake.answer(call(host="sk-not-a-host"))
    first, second, third = fake.store.journal().entries
    assert first.picture != second.picture
    assert (len(first.picture), third.picture) == (16, "")
    assert (first.flags, second.flags, first.host) == ("async", "", "dashscope.aliyuncs.com")
    assert (third.seconds, third.real, third.at) == (70.0, third.at, 1_795_366_800.0)
    assert "sk-not" not in third.host


USED = "plainKey/42+longer"


@pytest.mark.parametrize(
    "request_with",
    [
        lambda key: call(target=f"/api/v1/tasks/{key}"),
        lambda key: call(target=f"/api/v1/tasks?task_id={key}"),
        lambda key: call(target=f"https://dashscope.aliyuncs.com/{key}"),
        lambda key: call(target=f"https://user:{key}@dashscope.aliyuncs.com/api/v1/tasks"),
        lambda key: call(host=f"{key}.example.com"),
        lambda key: call(user_agent=f"tool/1 ({key})"),
        lambda key: call(body(f"https://example.com/{key}.png")),
        lambda key: call(body(f"data:image/png;base64,{key}")),
        lambda key: call(body(model=key)),
        lambda key: call(b'{"model":' + key.encode()),
        lambda key: call(method=key),
    ],
    ids=["path", "query", "absolute", "user", "host", "agent", "image_url", "data", "model", "broken", "method"],
)
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "Basic", "Token", "", "Token more"])
@pytest.mark.usefixtures("no_key_was_used")
def test_a_key_that_was_used_recurs_nowhere(fake, request_with, scheme):
    """A key of any form, sent before with any scheme, is in no field of a later entry: only its fingerprint."""
    fake.answer(call(authorization=f"{scheme} {USED}"))
    for key in (USED, USED.upper(), USED.replace("/", "%2F"), USED.replace("K", "\\u004b")):
        fake.answer(request_with(key))
        entry = fake.store.journal(limit=1000).entries[-1]
        kept = [str(value).lower() for value in structs.astuple(entry)]
        assert not any("42+longer" in text for text in kept), kept
        assert any("key:1ecc97e11616" in text for text in kept)
