"""Tests of the verdict on journals made by hand: its thresholds, its accounts, its robustness."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from verdict_helpers import BUSY, DENIED, DETECT, ME, PASSED, VIDEO, entry, journal

from emoji_mock import Outcome
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.fake.accounting.journal import Entry
from emoji_mock.fake.network.faults import FaultKind
from emoji_mock.verdict.findings import Finding, Kind, Severity, VerdictDocument
from emoji_mock.verdict.verdict import Verdict, judge

YOU = "https://example.com/you.png"
TASK = "/api/v1/tasks/1"
REFUSED = {"outcome": Outcome.FAULT, "status": 0, "billed": False, "fault": "refused"}


def names(entries):
    """Return the names of the findings."""
    return [finding.name for finding in judge(entries)]


JOURNALS = {
    "two waits of 7 ms": (journal(0, 0.007, 0.014, last=PASSED), ["constant-backoff"]),
    "two waits under 7 ms": (journal(0, 0.006, 0.012, last=PASSED), ["no-backoff"]),
    "three waits under 46 ms": (journal(0, 0.04, 0.05, 0.06, last=PASSED), ["no-backoff"]),
    "three waits, one of 46 ms": (journal(0, 0.046, 0.05, 0.06, last=PASSED), []),
    "four waits under 141 ms": (journal(0, 0.14, 0.15, 0.16, 0.17, last=PASSED), ["no-backoff"]),
    "five waits under 300 ms": (journal(0, 0.29, 0.3, 0.4, 0.5, 0.6, last=PASSED), ["no-backoff"]),
    "one wait": (journal(0, 0, last=PASSED), []),
    "two equal waits": (journal(0, 2, 4, last=PASSED), ["constant-backoff"]),
    "two nearly equal waits": (journal(0, 2, 4.0001, last=PASSED), []),
    "three nearly equal waits": (journal(0, 2, 4.007, 6.013, last=PASSED), ["constant-backoff"]),
    "three waits 9 ms apart": (journal(0, 2, 4.009, 6.009, last=PASSED), []),
    "the documented pace": (journal(0, 1, 2, 3.05, last=PASSED), []),
    "less than the documented pace": (journal(0, 0.999, 1.999, 2.999, last=PASSED), ["constant-backoff"]),
    "more than the documented pace": (journal(0, 1.051, 2.102, 3.153, last=PASSED), ["constant-backoff"]),
    "short waits that differ by a third": (journal(0, 0.05, 0.1, 0.175, 0.24, 0.6, last=PASSED), []),
    "waits on the real clock": ([msgspec.structs.replace(one, at=0, real=one.at) for one in journal(0, 1, 3, last=PASSED)], []),
    "ten in 2 s": (journal(*(at * 2 / 9 for at in range(9)), 2.0, 9, last=PASSED), ["retry-storm"]),
    "ten in 2.1 s": (journal(0, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 2.1, last=PASSED), []),
    "Retry-After ignored": (journal(0, 1.9, retry_after="2", last=PASSED), ["ignored-retry-after"]),
    "Retry-After ignored by a poll": (journal(0, 1.9, retry_after="2", method="GET", target=TASK, image_url=""), ["ignored-retry-after"]),
    "Retry-After obeyed": (journal(0, 2, 4, 6, retry_after="2", last=PASSED), []),
    "Retry-After nearly obeyed": (journal(0, 1.96, retry_after="2", last=PASSED), []),
    "Retry-After that is a date": (journal(0, 1, retry_after="Sun, 22 Nov 2026 22:10:00 GMT", last=PASSED), []),
    "Retry-After of a passed answer": ([entry(1, 0, retry_after="9", billed=False), entry(2, 1)], []),
    "gave up": (journal(0), ["gave-up"]),
    "gave up where Retry-After says half a minute": (journal(0, retry_after="30"), ["gave-up"]),
    "gave up where Retry-After says more": (journal(0, retry_after="31"), []),
    "gave up after an answer that may have come too late": (journal(0, delay=5.0), []),
    "gave up after an answer that was waited for": (journal(0, delay=5.0, waited_out=True), ["gave-up"]),
    "gave up after an answer that took 10 s": (journal(0, delay=10.0, waited_out=True), ["gave-up"]),
    "gave up after an answer that took longer": (journal(0, delay=10.1, waited_out=True), []),
    "gave up for want of quota": (journal(0, row="Throttling.AllocationQuota"), []),
    "gave up after two attempts": (journal(0, 1), []),
    "gave up after a refusal": ([entry(**REFUSED)], ["gave-up"]),
    "gave up after a refusal that was a reset": ([entry(**REFUSED, flags="socket")], []),
    "gave up while an outage goes on": ([*journal(0, 1), entry(3, 300, **BUSY, image_url=YOU)], []),
    "gave up long after an outage": ([*journal(0, 1), entry(3, 302, **BUSY, image_url=YOU)], ["gave-up"]),
    "gave up for another reason": ([*journal(0, 1, row="InternalError", status=500), entry(3, 2, **BUSY, image_url=YOU)], ["gave-up"]),
    "gave up without a retry, twice": ([entry(1, 0, **BUSY), entry(2, 1, **BUSY, image_url=YOU)], ["gave-up"]),
    "a poll every 15 s that meets a gateway": (journal(0, 15, 30, 45, method="GET", target=TASK, image_url=""), []),
    "a poll every half second that meets a gateway": (journal(0, 0.5, 1, 1.5, method="GET", target=TASK, image_url=""), ["constant-backoff"]),
    "polls that succeed": ([entry(number, number, method="GET", target=TASK, image_url="", outcome=Outcome.DONE, billed=False) for number in range(9)], []),
    "two tasks": ([entry(number, 0, method="GET", target=f"{TASK}{number}", image_url="", **DENIED) for number in range(9)], []),
    "a 4xx that stays, after 60 s": ([entry(1, 0, **DENIED), entry(2, 60)], ["retried-hopeless"]),
    "a 4xx that stays, after 61 s": ([entry(1, 0, **DENIED), entry(2, 61)], []),
    "a 4xx, then another key": ([entry(1, 0, **DENIED), entry(2, 1, key="key:ba9876543210")], []),
    "a 4xx, then another header": ([entry(1, 0, **DENIED, flags="async"), entry(2, 1)], []),
    "a 4xx, then another host": ([entry(1, 0, **DENIED, host="dashscope-intl.aliyuncs.com"), entry(2, 1)], []),
    "a 4xx, then another body": ([entry(1, 0, **DENIED, request_body="{}"), entry(2, 1)], []),
    "no JSON, then perhaps another media type": ([entry(1, 0, **{**DENIED, "row": "body-invalid"}), entry(2, 1)], []),
    "a 4xx that may have come too late": ([entry(1, 0, **DENIED, delay=5.0), entry(2, 6)], []),
    "a 4xx that was waited for": ([entry(1, 0, **DENIED, delay=5.0, waited_out=True), entry(2, 6)], ["retried-hopeless"]),
    "paid twice": ([entry(1, 0), entry(2, 60)], ["paid-twice"]),
    "paid long after": ([entry(1, 0), entry(2, 60.1)], []),
    "paid for two pictures": ([entry(1, 0), entry(2, 1, image_url="https://example.com/you.png")], []),
    "paid for two long pictures": ([entry(1, 0, picture="a"), entry(2, 1, picture="b")], []),
    "paid by two accounts": ([entry(1, 0), entry(2, 1, namespace="you")], []),
    "paid again after an answer that may have come too late": ([entry(1, 0, delay=30.0), entry(2, 31)], []),
    "paid again after an answer that was waited for": ([entry(1, 0, delay=30.0, waited_out=True), entry(2, 31)], ["paid-twice"]),
    "paid again after a drip": ([entry(1, 0, fault="drip", seconds=5.0), entry(2, 6)], []),
    "paid again, with an error in between": ([entry(1, 0), entry(2, 1, **BUSY), entry(3, 2)], ["paid-twice"]),
    "a stall of 59 s": ([entry(fault="stall", outcome=Outcome.FAULT, billed=False, seconds=59.0, waited_out=True)], []),
    "a stall of 60 s": ([entry(fault="stall", outcome=Outcome.FAULT, billed=False, seconds=60.0, waited_out=True)], ["no-read-timeout"]),
    "an answer after 59 s": ([entry(delay=59.0, waited_out=True)], []),
    "an answer after 60 s": ([entry(delay=60.0, waited_out=True)], ["no-read-timeout"]),
    "an answer after 60 s without waiting for it": ([entry(delay=60.0)], []),
    "slow answers without a wait in between": (journal(0, 0.5, 1.0, 1.5, last=PASSED, delay=0.5, waited_out=True), ["no-backoff"]),
    "a stall that was left": ([entry(fault="stall", outcome=Outcome.FAULT, billed=False, seconds=60.0)], []),
    "plain http to the vendor": ([entry(target="http://dashscope.aliyuncs.com" + DETECT)], ["key-over-http"]),
    "plain http without a key": ([entry(target="http://dashscope.aliyuncs.com" + DETECT, key="")], []),
    "plain http to a mock in a container": ([entry(target="http://emoji-mock:8000" + DETECT)], []),
    "https in absolute form": ([entry(target="https://dashscope.aliyuncs.com" + DETECT)], []),
    "a video of a picture without a detection": ([entry(target=VIDEO, outcome=Outcome.DONE, billed=False)], []),
    "a body cut short": ([entry(request_body="x" * 2100, image_url="", **BUSY), entry(2, request_body="x" * 2100, image_url="")], []),
    "nothing": ([], []),
}  # fmt: skip


@pytest.mark.parametrize(("entries", "expected"), JOURNALS.values(), ids=JOURNALS.keys())
def test_thresholds(entries, expected):
    """A journal on one side of a threshold has the finding, on the other side not."""
    assert names(entries) == expected


def test_pictures_in_parallel_do_not_mix():
    """Many pictures at once, each retried correctly, are neither a storm nor a constant backoff."""
    entries = [
        entry(number, at, image_url=f"https://example.com/{picture}.png", **(PASSED if attempt == 2 else BUSY))
        for number, (at, attempt, picture) in enumerate(
            ((wait + picture / 1000, attempt, picture) for attempt, wait in enumerate((0, 0.3, 1.1)) for picture in range(200)), 1
        )
    ]  # fmt: skip
    assert names(entries) == []


def test_each_account_is_judged_by_itself():
    """Findings are listed for each namespace, the worst first, and repeated ones once."""
    mine = [entry(number, number, image_url=f"https://example.com/{number // 2}.png") for number in range(2, 6)]
    verdict = judge([*mine, entry(9, 0, namespace="you", **BUSY)])
    assert [(one.name, one.namespace, one.exchanges, one.cases) for one in verdict] == [
        ("gave-up", "you", (9,), 1),
        ("paid-twice", "me", (2, 3, 4, 5), 2),
    ]
    assert verdict[1].done == "https://example.com/1.png: paid again 1 s after it had passed (and 1 more like it)"
    assert verdict.judged == 5


def test_the_text_of_a_verdict():
    """It has what was done, what shows it and what to do instead; an empty one says so."""
    assert str(judge([])) == "0 exchanges judged: nothing found."
    assert str(judge(journal(0))) == (
        "1 exchange judged, 1 finding:\n"
        "  wrong  gave-up: https://example.com/me.png: gave up after one attempt that ended in 429 Throttling.RateQuota\n"
        "      shown by #1 (namespace me)\n"
        "      instead: Retry 429, 5xx and refused connections a few times, with growing random waits;"
        " none of them is billed."
    )


def test_what_counts_against_a_caller():
    """Wrong findings always count, others with `strict`, ignored ones never; an unknown name is refused."""
    verdict = Verdict([Finding(kind.value.title, kind.value.severity, "", "", (), "") for kind in Kind])
    assert {finding.severity for finding in verdict.against()} == {Severity.WRONG}
    assert [finding.name for finding in verdict.against(ignore=["gave-up"])].count("gave-up") == 0
    assert len(verdict.against(strict=True)) == len(Kind) == 16
    with pytest.raises(ValueError, match=r"ignore: unknown finding 'gave_up'; did you mean gave-up\?"):
        verdict.against(ignore=["gave_up"])


def test_exchanges_are_bounded():
    """A finding names at most fifty exchanges, and its text ten."""
    (found,) = judge([entry(number, number) for number in range(1, 1001)])
    assert (found.name, found.exchanges, found.cases) == ("paid-twice", tuple(range(1, 51)), 999)
    assert "#10 and 40 more (namespace me)" in str(judge([entry(number, number) for number in range(1, 1001)]))


TEXTS = st.sampled_from(["", ME, DETECT, VIDEO, "/api/v1/tasks/1", "/tasks", "key:0123456789ab", "http://", "2", "9" * 400, "async"]) | st.text(max_size=20)  # fmt: skip
BODIES = st.sampled_from(['{"input":{"face_bbox":[1,2,3,4],"ext_bbox":[2,3,3,4]}}', '{"output":{"bbox_face":[1,2,3,4],"ext_bbox_face":[2,3,3,4]}}', "[" * 3000, '{"input":'])  # fmt: skip
NUMBERS = st.floats() | st.sampled_from([0.0, 1.0, 1e-3])
ENTRIES = st.builds(
    Entry,
    number=st.integers(),
    at=NUMBERS,
    namespace=st.sampled_from(["", "me"]),
    key=TEXTS,
    client=TEXTS,
    method=st.sampled_from(["POST", "GET", "?"]),
    target=TEXTS,
    model=TEXTS,
    image_url=TEXTS,
    outcome=st.sampled_from(Outcome),
    code=TEXTS,
    row=st.sampled_from([row.name for row in ROWS]),
    status=st.sampled_from([0, 200, 401, 429, 500]),
    billed=st.booleans(),
    request_id=TEXTS,
    request_body=TEXTS | BODIES,
    response_body=TEXTS | BODIES,
    fault=st.sampled_from(["", "flood", *FaultKind]),
    delay=NUMBERS,
    waited_out=st.booleans(),
    seconds=NUMBERS,
    picture=TEXTS,
    host=TEXTS,
    flags=TEXTS,
    retry_after=TEXTS,
    real=NUMBERS,
)


@pytest.mark.slow
@settings(deadline=None)
@given(st.lists(ENTRIES, max_size=30))
def test_any_journal_has_a_verdict(entries):
    """Equal journals have equal verdicts, which can be formatted and encoded."""
    verdict = judge(entries)
    assert verdict == judge(entries)
    assert str(verdict)
    assert (
        msgspec.json.decode(
            msgspec.json.encode(VerdictDocument(verdict.judged, verdict)), type=VerdictDocument
        ).findings
        == verdict
    )
    assert {finding.name for finding in verdict} <= {kind.value.title for kind in Kind}
    assert all(set(finding.exchanges) <= {one.number for one in entries} for finding in verdict)
