"""Texts without their escapes, and places in the original."""

import re
from itertools import pairwise

import pytest

from emoji_mock._support.encodings.escapes import unescape_ascii


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


@pytest.mark.parametrize("text", ["ab%2573cd&amp;#115;e\\u0041f", "%41%42%43", "x", "x%41"])
def test_places_lead_to_the_original(text):
    """Each character comes from its escape, which ends where the next character begins."""
    view = unescape_ascii(text)
    spans = [view.span(index, index + 1) for index in range(len(view.text))]
    assert "".join(text[start:end] for start, end in spans) == text
    assert [unescape_ascii(text[start:end]).text for start, end in spans] == list(view.text)
    assert view.span(0, len(view.text)) == (0, len(text))
    assert all(before[1] == after[0] for before, after in pairwise(spans))


def test_a_view_may_leave_something_out():
    """What is left out between two characters belongs to neither, and to a span around it."""
    view = unescape_ascii("- a%20-b\\n-c -").without(re.compile(r"[\s-]+"))
    assert view.text == "abc"
    assert [view.span(index, index + 1) for index in range(3)] == [(2, 3), (7, 8), (11, 12)]
    assert view.span(0, 3) == (2, 12)
    assert unescape_ascii("abc").without(re.compile("x")).layers == ()
    assert unescape_ascii("--").without(re.compile("-")).text == ""
