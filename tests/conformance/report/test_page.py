"""The report as an HTML page: self-contained, with all text from servers escaped."""

import json
import re
from html.parser import HTMLParser

from emoji_mock import Fake, Options
from emoji_mock.conformance.cases import CASES
from emoji_mock.conformance.report.page import page
from emoji_mock.conformance.report.report import group_alike, merge_comparisons, to_document
from emoji_mock.conformance.runner import Runner
from emoji_mock.conformance.targets.fake import FakeTarget


class Hostile(Fake):
    """A fake with markup in every field of its answers."""

    def answer(self, request):
        """Answer with markup."""
        answer = super().answer(request)
        text = '<script>alert("1")</script>&amp;"\''
        return answer._replace(body=json.dumps({"code": text, "message": text, text: text}).encode())


class Tags(HTMLParser):
    """Collects the tags and attributes of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes = set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Collect a tag."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


EMOJI = [case for case in CASES if case.model in ("emoji-detect-v1", "emoji-v1")]


def report_of(fake, cases=EMOJI):
    """Run cases against a fake."""
    return Runner(FakeTarget(fake)).run(cases)


def test_text_from_a_server_is_escaped():
    """A script in an answer becomes text on the page."""
    text = page(report_of(Hostile()), "2026-11-22")
    assert "&lt;script&gt;alert" in text
    assert "script" not in Tags(text).tags


def test_the_page_is_self_contained():
    """The page has no script, link, picture, font or frame, and its policy forbids them."""
    text = page(report_of(Fake(Options(failed_as=400))), "2026-11-22")
    tags = Tags(text)
    assert not tags.tags & {"script", "link", "img", "iframe", "object", "svg", "form", "base", "a"}
    assert not tags.attributes & {"src", "href", "style", "onclick"}
    assert not re.search(r"url\(|@import|@font-face", text)
    assert "default-src 'none'" in text


def test_the_page_contains_the_whole_report():
    """Assessment, counts, what was spent, and each difference three ways beside its cases and how they are known."""
    text = page(report_of(Fake(Options(failed_as=400))), "2026-11-22")
    for part in (
        '<span class="drifted">drifted</span>',
        "<b>11</b>drifted",
        "316 calls, nothing spent.",
        "<code>failed/InvalidFile.FacePose</code>",
        "emoji-detect-v1: documented (detect, 2026-11-22)",
        '<tr><td><code>emoji-v1</code><td class="conforms">conforms<td class="soft">69 cases conform</tr>',
        "<code>usage.image_count</code>",
        "as the contract",
        "Conforms: 228",
    ):
        assert part in text


def test_equal_results_are_grouped():
    """Results with equal differences are one group."""
    report = report_of(Fake(Options(failed_as=400)))
    from emoji_mock.conformance.judge.result import Assessment

    assert [len(group) for group in group_alike(report, Assessment.DRIFTED)] == [11]


def test_the_document_contains_plain_values():
    """The JSON document has verdict, counts, spending and every difference."""
    document = to_document(report_of(Fake(Options(failed_as=400)), [case for case in CASES if case.name == "failed/InvalidFile.FacePose"]))  # fmt: skip
    assert json.loads(json.dumps(document)) == {
        "target": "the fake",
        "live": False,
        "verdict": "drifted",
        "stopped": False,
        "counts": {"drifted": 1},
        "calls": 1,
        "spent": {"budget": None, "reserved": 0, "billed": 0, "cost": "0"},
        "strays": [],
        "models": {"emoji-detect-v1": {"verdict": "drifted", "counts": {"drifted": 1}}},
        "results": [
            {
                "case": "failed/InvalidFile.FacePose",
                "model": "emoji-detect-v1",
                "verdict": "drifted",
                "reason": "",
                "known": ["documented"],
                "sources": ["detect"],
                "note": "",
                "differences": [
                    {"kind": "status", "severity": "breaking", "where": "status", "guess": False, "contract": "200", "fake": "as the contract", "target": "400"},
                    {"kind": "missing field", "severity": "breaking", "where": "output", "guess": False, "contract": "present", "fake": "as the contract", "target": "missing"},
                    {"kind": "billing", "severity": "breaking", "where": "usage.image_count", "guess": False, "contract": "1", "fake": "as the contract", "target": "missing"},
                ],
            }
        ],
    }  # fmt: skip


class Renaming(Fake):
    """A fake with another name for `bbox_face`."""

    def answer(self, request):
        """Rename the field."""
        answer = super().answer(request)
        return answer._replace(body=answer.body.replace(b'"bbox_face"', b'"face_bbox"'))


def test_a_new_field_with_varying_values_is_reported_once():
    """A value that varies within a group is shown as an example."""
    from emoji_mock.conformance.judge.result import Assessment

    (group,) = [group for group in group_alike(report_of(Renaming()), Assessment.DRIFTED) if len(group) > 10]
    assert [(str(one.kind), one.where, one.target) for one in merge_comparisons(group)] == [
        ("missing field", "output.bbox_face", "missing"),
        ("new field", "output.face_bbox", "as [122, 107, 275, 259]"),
    ]
