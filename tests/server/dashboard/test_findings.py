"""The region of findings: what callers did wrong, and the calls that show it."""

from helpers import call

from emoji_mock import Fake
from emoji_mock.server.dashboard.regions import REGIONS
from emoji_mock.server.dashboard.views import findings

HTML = {region.name: region.html for region in REGIONS}


def test_a_finding_leads_to_its_calls():
    """With its severity, what was done and what to do instead."""
    fake = Fake()
    for _ in range(2):
        fake.answer(call())
    assert [finding.name for finding in findings.view(fake).verdict] == ["paid-twice"]
    html = HTML["findings"](fake)
    assert '<span class="badge wasteful">wasteful</span> paid-twice' in html
    assert 'href="#call-2"' in html
    assert "Keep the answer" in html


def test_without_a_finding_it_says_how_many_calls_were_judged():
    """One call is no mistake."""
    fake = Fake()
    fake.answer(call())
    assert "1 calls judged: nothing found." in HTML["findings"](fake)
