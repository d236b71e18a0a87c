"""Keys in texts: which are recognised, and that none is kept."""

import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest

from emoji_mock.fake.accounting.used_keys import UsedKeys, fingerprint

KEY = "plainKey/42+longer"
VENDOR = "sk-0123456789abcdef"


@pytest.fixture
def used():
    """Keys of which KEY was used."""
    keys = UsedKeys()
    keys.add(KEY)
    return keys


def escaped(form, key):
    """Return `key` with every character written as `form` says."""
    return "".join(form.format(ord(character)) for character in key)


SPELLINGS = [
    pytest.param(lambda key: key, id="raw"),
    pytest.param(str.upper, id="upper case"),
    pytest.param(str.lower, id="lower case"),
    pytest.param(lambda key: quote(key, safe=""), id="percent"),
    pytest.param(lambda key: quote(quote(key, safe=""), safe=""), id="percent twice"),
    pytest.param(lambda key: escaped("%{:02x}", key), id="percent, every character"),
    pytest.param(lambda key: escaped("\\u{:04x}", key), id="JSON"),
    pytest.param(lambda key: escaped("\\\\u{:04X}", key), id="JSON in JSON"),
    pytest.param(lambda key: escaped("%5Cu{:04X}", key), id="JSON in a query"),
    pytest.param(lambda key: escaped("\\x{:02x}", key), id="a string literal"),
    pytest.param(lambda key: escaped("&#{};", key), id="HTML, decimal"),
    pytest.param(lambda key: escaped("&#x{:x};", key), id="HTML, hexadecimal"),
    pytest.param(lambda key: key.replace("/", "\\/"), id="JSON with escaped slashes"),
    pytest.param(lambda key: key.replace("/", "&sol;").replace("+", "&plus;"), id="HTML, named"),
]


@pytest.mark.parametrize("place", ["{}", "/api/v1/tasks/{}/cancel?a=1", '{{"a":"line\\n{}"}}', "curl/8 ({})", "{}.png"])
@pytest.mark.parametrize("spell", SPELLINGS)
@pytest.mark.parametrize("key", [KEY, VENDOR])
def test_a_key_is_hidden_however_it_is_spelt(used, key, spell, place):
    """Neither escapes nor the case of letters hide a key, wherever it stands; all else stays."""
    if key == VENDOR and place == "{}.png":
        place = "{}"  # a dot may belong to such a key
    text = place.format(spell(key))
    hidden = used.hide(text)
    digest = fingerprint(spell(key) if spell in (str.upper, str.lower) and key == VENDOR else key)
    assert hidden == place.format(digest)
    assert used.may_hold_key(text)


@pytest.mark.parametrize("text", ["xplainKey/42+longery", "Bearer:plainKey/42+longer=="])
def test_a_long_key_is_hidden_inside_of_words(used, text):
    """A key is found without a boundary before or behind it."""
    assert used.hide(text) == text.replace(KEY, fingerprint(KEY))


@pytest.mark.parametrize(
    "text", ["a%2Fb&amp;c\\n\\u00e9", "task-force risk-averse", "plainKey/42", "/api/v1/services/aigc", "sk-abc"]
)
def test_what_holds_no_key_stays(used, text):
    """A text without a key stays byte for byte, with its escapes."""
    assert used.hide(text) == text


def test_a_short_key_is_hidden_as_a_whole_word_only():
    """Of eight to eleven characters a key may be a part of a word, and of fewer any word."""
    used = UsedKeys()
    for key in ("test-key", "short"):
        used.add(key)
    assert used.hide("a test-key, mytest-keys, short") == f"a {fingerprint('test-key')}, mytest-keys, short"


@pytest.mark.parametrize("word", ["dashscope", "emoji-detect-v1", "face-detect", "application/json"])
def test_the_vendor_s_own_words_are_no_keys(word):
    """Whoever takes a word of the vendor's as a key does not make it unreadable for all others."""
    used = UsedKeys()
    used.add(word)
    assert used.hide(f"https://{word}/") == f"https://{word}/"


def test_a_key_that_is_cut_is_hidden(used):
    """Of a cut text the end may be the beginning of a key."""
    assert used.hide("a plainKey/", is_cut=True) == "a key:…"
    assert used.hide("a plainKey/") == "a plainKey/"


def test_used_keys_are_bounded_and_not_kept():
    """Of many keys the later ones are recognised, and none is kept."""
    used = UsedKeys()
    for number in range(10_000):
        used.add(f"{number:05}-secret-of-an-account")
    assert len(used._fingerprints) <= 4096
    assert "secret" not in repr(vars(used))
    late = "09999-secret-of-an-account"
    assert used.hide(f"a {late} b") == f"a {fingerprint(late)} b"


def test_a_forgotten_key_is_recognised_again_once_it_is_used():
    """A key that gave way to others, by their number or by their lengths, is recognised from its next use on."""
    events = []
    used = UsedKeys(on_forget=lambda: events.append("forgotten"))
    for others in (
        [f"{number:05}-of-another" for number in range(5000)],
        [f"{KEY[:8]}{'x' * n}" for n in range(1, 41)],
    ):
        used.add(KEY)
        for other in others:
            used.add(other)
        assert used.hide(f"a {KEY} b") == f"a {KEY} b"
        assert events
        events.clear()
        used.add(KEY)
        assert used.hide(f"a {KEY} b") == f"a {fingerprint(KEY)} b"


def test_keys_that_are_added_at_once_are_all_recognised():
    """Threads that add keys at the same time lose none."""
    keys = [f"{chr(97 + number // 26)}{chr(97 + number % 26)}-secret-of-an-account" for number in range(60)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(20):
            used = UsedKeys()
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(used.add, keys))
            assert [used.hide(key) for key in keys] == [fingerprint(key) for key in keys]
    finally:
        sys.setswitchinterval(interval)


def test_keys_with_one_beginning_cost_little():
    """However many keys share a beginning, at each place at most 16 lengths are tried."""
    used = UsedKeys()
    for length in range(1000):
        used.add("same-beginning-" + "x" * length)
    assert {len(lengths) for lengths in used._lengths.values()} == {16}
