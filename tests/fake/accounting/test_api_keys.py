"""Keys: the namespace of each, and that no key is kept."""

import pytest

from emoji_mock.fake.accounting import api_keys
from emoji_mock.fake.accounting.used_keys import fingerprint


@pytest.mark.parametrize(
    ("key", "namespace"),
    [
        ("sk-mock-alice", "alice"),
        ("sk-mock-team.b_2-x", "team.b_2-x"),
        ("sk-real", "key:"),
        ("sk-mock-", "key:"),
        ("sk-mock-a b", "key:"),
        ("sk-mock-" + "a" * 65, "key:"),
    ],
)
def test_a_key_selects_a_namespace(key, namespace):
    """sk-mock-<name> selects <name>; any other key has a namespace of its own, by its fingerprint."""
    caller = api_keys.identify(key)
    if namespace.startswith("key:"):
        assert caller.namespace == caller.fingerprint == fingerprint(key)
    else:
        assert caller.namespace == namespace
    assert caller == api_keys.identify(key)


def test_a_fingerprint_is_the_start_of_a_sha256():
    """The same key has the same fingerprint on every machine: printf sk-real | sha256sum."""
    assert fingerprint("sk-real") == "key:cbb6f8d0e7ba"


def test_remembered_callers_are_bounded_and_hold_no_key():
    """Of many keys at most 1024 callers are kept, and none of the keys."""
    for number in range(3000):
        api_keys.identify(f"sk-secret-{number}")
    assert len(api_keys._callers) <= 1024
    assert "sk-secret" not in repr(api_keys._callers)


@pytest.mark.usefixtures("no_key_was_used")
def test_a_key_in_use_is_recognised_after_any_number_of_others():
    """Whoever sends thousands of words as keys does not make a key readable that is still used."""
    api_keys.identify("aKey/that+is-used")
    for number in range(5000):
        api_keys.note_key(f"Token {number:05}-is-a-word")
    api_keys.identify("aKey/that+is-used")
    assert api_keys.redact("a aKey/that+is-used b") == f"a {fingerprint('aKey/that+is-used')} b"


@pytest.mark.parametrize(
    ("text", "gone"),
    [("a sk-abcdef0123 b", "sk-abcdef0123"), ("?key=sk-mock-alice&x", "sk-mock-alice"), ('"sk-a.b_c-d"', "sk-a.b_c-d")],
)
def test_a_text_is_redacted(text, gone):
    """Everything that looks like a key is replaced by its fingerprint, and the rest stays."""
    assert api_keys.redact(text) == text.replace(gone, fingerprint(gone))


@pytest.mark.parametrize("shown", ["abc+123/def456", "abc%2B123%2Fdef456"])
def test_a_used_key_is_hidden_in_a_query(shown):
    """A value that was used as a key is hidden in a URL, too, however it is encoded there; others stay."""
    used = api_keys.identify("abc+123/def456").fingerprint
    api_keys.identify("short")
    target = api_keys.redact(f"/api/v1/tasks?api_key={shown.replace('+', '%2B')}&trace=1&size=short&flag")
    assert target == f"/api/v1/tasks?api_key={used}&trace=1&size=short&flag"
    assert api_keys.redact("/api/v1/tasks") == "/api/v1/tasks"
