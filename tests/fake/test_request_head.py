"""What a request's head says: equal short heads are read once, and nothing secret is kept."""

import pytest
from helpers import PATH, call

from emoji_mock import Fake
from emoji_mock.fake.accounting import api_keys
from emoji_mock.fake.endpoints.registry import ENDPOINTS, HEADS, EndpointRegistry
from emoji_mock.fake.request_head import READ_HEADERS, read_head

KEY = "sk-0123456789abcdef"


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({}, True),
        ({"key": KEY}, True),
        ({"key": "short"}, True),
        ({"authorization": None}, True),
        ({"authorization": f"Basic {KEY}"}, True),
        ({"user_agent": f"agent of {KEY}"}, False),
        ({"key": "short", "user_agent": "an agent of short"}, False),
        ({"target": f"{PATH}?Signature=abc"}, False),
        ({"target": f"https://{KEY}@dashscope.aliyuncs.com/api/v1/tasks"}, False),
        ({"target": f"/api/v1/tasks/{KEY}"}, False),
        ({"target": "/" + "a" * 5000}, False),
        ({"user_agent": "a" * 5000}, False),
    ],
    ids=str,
)
def test_only_short_heads_without_secrets_are_kept(changes, kept):
    """A registry reads an equal head again if it has a query, a text with a key, or is long."""
    registry, request = EndpointRegistry(ENDPOINTS), call(b"", **changes)
    assert (registry.read(request) is registry.read(request)) is kept


def test_a_kept_head_holds_no_key_and_no_header_that_is_not_read():
    """Neither the value nor the key of the cache shows the key or a cookie."""
    registry = EndpointRegistry(ENDPOINTS)
    head = registry.read(call(b"", key=KEY, cookie="session=1", x_api_key=KEY)).head
    assert head.headers.keys() <= READ_HEADERS
    assert KEY not in repr((registry._heads, head))


@pytest.mark.parametrize("name", ["user_agent", "host"])
def test_a_key_that_is_used_later_is_hidden_in_equal_heads(name):
    """The journal shows its fingerprint from then on, although the head had been kept."""
    word = f"later-{name}-0123456789"
    fake = Fake()
    fake.answer(call(**{name: word}))
    fake.answer(call(key=word))
    fake.answer(call(**{name: word}))
    entries = fake.store.journal().entries
    shown = [{"user_agent": entry.client, "host": entry.host}[name] for entry in entries]
    assert (shown[0], shown[2]) == (word, api_keys.as_fingerprint(word))


@pytest.mark.parametrize("key", ["short", "sk-mock-me", "a-key-of-17-chars"])
def test_every_call_with_an_equal_head_hides_its_key(key):
    """Also a key that is too short to be recognised elsewhere, in each call's body."""
    fake = Fake()
    for _ in range(3):
        fake.answer(call(b'{"model": "the key is %s!"}' % key.encode(), key=key))
    assert not [entry for entry in fake.store.journal().entries if key in entry.request_body + entry.model]


def test_heads_that_differ_in_what_is_read_are_told_apart():
    """Each header that an answer or the journal depends on makes another head; the order of others does not."""
    registry = EndpointRegistry(ENDPOINTS)
    plain = registry.read(call(b""))
    for name in READ_HEADERS:
        head = registry.read(call(b"", **{name: "enable"})).head
        assert head.headers[name] == "enable"
    assert registry.read(call(b"")) is plain


def test_the_cache_is_bounded():
    """However many heads come, it holds at most HEADS."""
    registry = EndpointRegistry(ENDPOINTS)
    for number in range(3 * HEADS):
        registry.read(call(b"", user_agent=f"agent {number}"))
    assert len(registry._heads) <= HEADS


def test_a_repeated_header_holds_no_key():
    """Two Authorization headers identify nobody (RFC 9110, 5.3 joins them)."""
    request = call(b"", key=KEY)
    twice = request._replace(headers=(*request.headers, ("Authorization", f"Bearer {KEY}")))
    assert read_head(twice).refused_as.name == "invalid-api-key"
