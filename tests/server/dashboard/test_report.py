"""The page as one file: it loads nothing, holds its pictures, and says what it left out."""

import re
from base64 import b64encode
from hashlib import sha256

from helpers import body, call, picture

from emoji_mock import Fake, Options, Rule
from emoji_mock.server.dashboard import report
from emoji_mock.server.dashboard.report import report_html

HOSTILE = 'https://example.com/"><script>alert(1)</script>.png'


def data_url(**changes):
    """Return a picture as a `data:` URL."""
    return "data:image/png;base64," + b64encode(picture(**changes)).decode()


def used_fake():
    """Return a fake with a passed picture that it holds, a failed one, a hostile URL, and a rule."""
    fake = Fake(Options(kept_picture_bytes=2**20))
    fake.store.add_rule(Rule(outcome="failed", code="FacePose", image_url="*/you.png"))
    for url in (data_url(), "https://example.com/you.png", HOSTILE):
        fake.answer(call(body(url)))
    return fake


def test_it_loads_nothing_and_runs_no_other_script():
    """Nothing of the server is named; the policy allows the one style and the one script by their hashes."""
    html = report_html(used_fake())
    assert re.findall(r'(?:src|href)="(?!#|data:)[^"]*"', html) == []
    assert "url(" not in html
    policy = re.search(r'content="(default-src [^"]+)"', html)[1].replace("&#39;", "'")
    style, script = (re.search(rf"<{name}>(.*?)</{name}>", html, re.DOTALL)[1] for name in ("style", "script"))
    hashes = [f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in (style, script)]
    assert policy == f"default-src 'none'; style-src {hashes[0]}; script-src {hashes[1]}; img-src data:"
    assert html.count("<script") == 1


def test_it_shows_every_part_of_the_page_without_its_controls():
    """Calls, each of them whole, and all regions but those that only act; no id stands twice."""
    html = report_html(used_fake())
    parts = re.findall(r'<section[^>]* id="(\w+)-panel"|<section id="(\w+)-panel"', html)
    assert sorted("".join(names) for names in parts) == [
        "calls", "details", "findings", "gallery", "limits", "money", "rules", "tasks", "uploads",
    ]  # fmt: skip
    assert re.findall(r"<button|<form|data-action", html) == []
    assert "rule for image_url &#39;*/you.png&#39;" in html
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert {"call-1", "call-1-whole"} <= set(ids)


def test_pictures_are_in_the_file_while_there_is_room(monkeypatch):
    """A held picture is embedded as a small JPEG; beyond the bound it is left out, and its boxes stay."""
    fake = used_fake()
    assert report_html(fake).count('<image href="data:image/jpeg;base64,/9j/') == 2  # in the gallery, and in its call
    monkeypatch.setattr(report, "PICTURE_BYTES", 0)
    html = report_html(fake)
    assert "data:image/jpeg" not in html
    assert '<rect class="box face"' in html


def test_a_long_journal_is_cut_and_the_file_says_so(monkeypatch):
    """The newest calls are listed, the newest of them shown whole."""
    monkeypatch.setattr(report, "ROWS", 2)
    monkeypatch.setattr(report, "DETAILS", 1)
    html = report_html(used_fake(), account="Test")
    assert "1 earlier call not shown" in html
    assert "The newest 1 calls are shown whole." in html
    assert '<th scope="col">Test</th>' in html


def test_a_run_without_calls_has_a_report():
    """It says that no call was made."""
    assert "No call was made." in report_html(Fake())
