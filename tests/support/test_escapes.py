"""Texts without their escapes, and places in the original."""

from itertools import pairwise

import pytest

from emoji_mock._support.escapes import unescape_ascii


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("no escape", "no escape"),
        ("%73k%2D", "sk-"),
        ("%2573k", "sk"),
        (r"\u0073k\x2D", "sk-"),
        (r"a\nb\tc\/d\"e", 'a\nb\tc/d"e'),
        ("&#115;&#x6B;&hyphen;&sol;", "sk&hyphen;/"),
        ("&amp;#115;", "s"),
        ("%c3%a9 \\u00e9 &eacute; 100% & \\", "%c3%a9 \\u00e9 &eacute; 100% & \\"),
    ],
)
def test_escapes_of_ascii_are_resolved(text, plain):
    """Escapes of percent-encoding, JSON and HTML are resolved, nested ones too; those of other characters stay."""
    assert unescape_ascii(text).text == plain


@pytest.mark.parametrize("text", ["ab%2573cd&amp;#115;e\\u0041f", "%41%42%43", "x", ""])
def test_places_lead_to_the_original(text):
    """Each character comes from its escape, and the end is the end."""
    unescaped = unescape_ascii(text)
    places = [unescaped.place(index) for index in range(len(unescaped.text) + 1)]
    assert places == sorted(places)
    assert places[-1] == len(text)
    parts = [text[start:end] for start, end in pairwise(places)]
    assert "".join(parts) == text
    assert "".join(unescape_ascii(part).text for part in parts) == unescaped.text
