"""The fake: what it says, what it writes down, and that a seed repeats it."""

import json
import re
import threading

import pytest
from helpers import HEADERS, REQUEST_ID, body, call, detection
from hypothesis import given
from hypothesis import strategies as st

from emoji_mock import Fake, Options, Request, Rule
from emoji_mock.contract import samples
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.models import DETECTORS
from emoji_mock.fake.rules.magic_urls import url_for


def test_a_passed_answer_byte_for_byte(fake):
    """Status, headers and body of a picture that passes; the boxes are the same on every machine."""
    answer = fake.answer(call())
    assert answer.status == 200
    assert answer.headers == (
        ("content-type", "application/json"),
        ("x-dashscope-call-gateway", "true"),
        ("x-request-id", "6513270e-269e-4d37-b2a7-4de452e6b438"),
        ("req-cost-time", "0"),
        ("req-arrive-time", "1795366800000"),
        ("resp-start-time", "1795366800000"),
        ("x-envoy-upstream-service-time", "0"),
        ("date", "Sun, 22 Nov 2026 17:00:00 GMT"),
        ("server", "istio-envoy"),
        ("vary", "Accept-Encoding"),
    )
    assert answer.body.decode() == (
        '{"output":{"bbox_face":[302,195,503,397],"ext_bbox_face":[180,62,625,506]},"usage":{"image_count":1},'
        '"request_id":"6513270e-269e-4d37-b2a7-4de452e6b438"}'
    )


PICTURES = [row for row in ROWS if row.origin != "storage" and (not row.models or row.models & set(DETECTORS))]


@pytest.mark.parametrize("row", PICTURES, ids=lambda row: row.name)
def test_every_row_can_be_steered_to_and_answers_as_its_sample(fake, row):
    """The URL on the reserved host gets the exact document of each row that a picture can get, of a model that has it."""
    sample = samples.response(row.name)
    model = min(row.models & set(DETECTORS), default="emoji-detect-v1")
    answer = fake.answer(detection(model, url_for(row), parameters={"ratio": "1:1"}))
    assert answer.status == sample["status"]
    if sample["body"] is None:
        assert answer.body == b""
        return
    said = json.loads(answer.body)
    request_id = said["request_id"]
    assert REQUEST_ID.fullmatch(request_id)
    assert dict(answer.headers)["x-request-id"] == request_id
    expected = json.dumps(sample["body"], ensure_ascii=False, separators=(",", ":"))
    expected = REQUEST_ID.sub(request_id, expected).replace("https://example.com/me.png", url_for(row))
    expected = expected.replace("to example.com", "to emoji-mock.test")
    assert answer.body.decode() == expected


@pytest.mark.parametrize(("key", "marked"), [("sk-mock-invalid", False), ("sk-mock-arrears", True)])
def test_only_a_401_lacks_the_gateways_mark(fake, key, marked):
    """Every answer but a 401 has x-dashscope-call-gateway."""
    assert ("x-dashscope-call-gateway", "true") in fake.answer(call(key=key)).headers or not marked
    assert (("x-dashscope-call-gateway", "true") in fake.answer(call(key=key)).headers) is marked


def test_an_empty_body_has_no_content_type(fake):
    """The 404 of an unknown path is empty."""
    answer = fake.answer(call(target="/nothing"))
    assert (answer.status, answer.body) == (404, b"")
    assert "content-type" not in dict(answer.headers)


def test_no_answer_says_retry_after(fake):
    """A 429 carries neither Retry-After nor X-RateLimit headers."""
    names = {name for name, _ in fake.answer(call(key="sk-mock-throttled")).headers}
    assert not {name for name in names if name.startswith(("retry", "x-ratelimit"))}


def test_arrival_and_cost_make_the_start():
    """req-arrive-time + req-cost-time = resp-start-time."""
    times = iter([1000.0, 1000.25])
    headers = dict(Fake(clock=lambda: next(times)).answer(call()).headers)
    assert [headers[name] for name in ("req-arrive-time", "req-cost-time", "resp-start-time")] == [
        "1000000",
        "250",
        "1000250",
    ]


def test_request_ids_are_mostly_of_version_9(fake):
    """A lower-case UUID: the version digit is 9, now and then 4; the variant is any lawful one."""
    ids = [dict(fake.answer(call()).headers)["x-request-id"] for _ in range(500)]
    assert all(
        re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-[49][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", one) for one in ids
    )
    assert {one[19] for one in ids} == set("89ab")
    assert 0 < sum(one[14] == "4" for one in ids) < 100


def test_the_same_seed_gives_the_same_world(clock):
    """Two fakes with one seed say the same bytes; another seed says others."""
    urls = [f"https://example.com/{number}.png" for number in range(20)]

    def world(seed):
        fake = Fake(Options(seed=seed), clock=clock)
        return [fake.answer(call(body(url))) for url in urls]

    assert world(1) == world(1)
    assert world(1) != world(2)


def test_without_a_seed_boxes_repeat_and_request_ids_do_not():
    """Boxes depend on the picture alone; request ids are random."""
    one, other = (json.loads(Fake().answer(call()).body) for _ in range(2))
    assert one["output"] == other["output"]
    assert one["request_id"] != other["request_id"]


def test_the_journal_shows_an_exchange(fake):
    """An entry says who asked what, and what was answered."""
    fake.answer(call(body("https://emoji-mock.test/failed/FacePose.png"), key="sk-mock-alice", user_agent="curl/8"))
    (entry,) = fake.store.journal().entries
    assert (entry.number, entry.at, entry.namespace, entry.client) == (1, 1795366800.0, "alice", "curl/8")
    assert (entry.method, entry.model) == ("POST", "emoji-detect-v1")
    assert entry.image_url == "https://emoji-mock.test/failed/FacePose.png"
    assert (entry.outcome, entry.code, entry.status, entry.billed) == ("failed", "InvalidFile.FacePose", 200, True)
    assert entry.request_id in entry.response_body


def test_the_ledger_bills_passed_and_failed_but_no_error(fake):
    """A failed detection costs 0.004 CNY like a passed one; an error is free."""
    for url in ("https://example.com/a.png", "https://emoji-mock.test/failed/Value.png"):
        fake.answer(call(body(url)))
    fake.answer(call(body("https://emoji-mock.test/error/InternalError.png")))
    ledger = fake.store.ledgers()["test"]
    assert (ledger.passed, ledger.failed, ledger.errors) == (1, 1, 1)
    assert (ledger.images, str(ledger.cost)) == (2, "0.008")


SECRET = "sk-51f0a7ce9b2d4e6f8a1b3c5d7e9f0a2b"


@pytest.mark.parametrize(
    "request_",
    [
        call(key=SECRET),
        call(authorization=f"Basic {SECRET}"),
        call(target=f"/api/v1/nothing?api_key={SECRET}", key=SECRET),
        call(body(f"https://example.com/{SECRET}.png"), key=SECRET),
        call(body(model=SECRET), key=SECRET),
        call(f"not json {SECRET}".encode(), key=SECRET, user_agent=SECRET),
        call(("x" * 2040 + SECRET).encode(), key=SECRET),
    ],
    ids=["bearer", "basic", "URL", "picture", "model", "body", "cut"],
)
def test_no_key_is_kept(fake, request_):
    """A key is nowhere in the journal, wherever it was put; its fingerprint may be."""
    fake.answer(request_)
    assert SECRET[:12] not in repr(fake.store.journal())
    assert SECRET[:12] not in repr(fake.store.ledgers())


def test_a_rule_goes_before_the_url_and_then_steps_aside(fake):
    """A rule decides what its number of calls get, then what stood before."""
    fake.store.add_rule(Rule(outcome="error", code="RateQuota", times=2), "test")
    statuses = [fake.answer(call(body("https://emoji-mock.test/failed/Value.png"))).status for _ in range(3)]
    assert statuses == [429, 429, 200]


def test_a_rule_can_say_what_the_picture_holds(fake):
    """`face` and `image_size` come out as the boxes."""
    fake.store.add_rule(Rule(outcome="passed", face=(212, 194, 460, 441)))
    assert b'"bbox_face":[212,194,460,441],"ext_bbox_face":[63,30,609,575]' in fake.answer(call()).body


def test_a_listener_gets_every_exchange(clock):
    """The listener gets each call as it happens."""
    heard = []
    Fake(clock=clock, listener=heard.append).answer(call())
    assert [entry.outcome for entry in heard] == ["passed"]


def test_many_threads_lose_nothing(fake):
    """Calls from several threads are all in the journal, numbered once each, and all on the ledger."""

    def work():
        for _ in range(200):
            fake.answer(call())

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    page = fake.store.journal(limit=10_000)
    assert sorted(entry.number for entry in page.entries) == list(range(1, 1601))
    assert fake.store.ledgers()["test"].passed == 1600


CODES = {row.code for row in ROWS}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "model": st.just("emoji-detect-v1") | JSON,
        "input": st.fixed_dictionaries({}, optional={"image_url": st.text() | JSON}) | JSON,
        "parameters": st.fixed_dictionaries({}, optional={"ratio": st.just("1:1") | JSON}) | JSON,
    },
)
PAYLOADS = (
    st.binary()
    | JSON.map(lambda value: json.dumps(value).encode())
    | FIELDS.map(lambda value: json.dumps(value).encode())
)


@given(payload=PAYLOADS, target=st.text(st.characters(max_codepoint=255)), method=st.sampled_from(["POST", "GET", ""]))
def test_nothing_makes_the_fake_crash(payload, target, method):
    """Every request gets an answer in the vendor's shape."""
    for path in (target, "/api/v1/services/aigc/image2video/face-detect"):
        answer = Fake().answer(Request(method, path, tuple(HEADERS.items()), payload))
        if not answer.body:
            assert answer.status == 404
            continue
        said = json.loads(answer.body)
        assert set(said) in ({"code", "message", "request_id"}, {"output", "usage", "request_id"})
        assert said.get("code") in CODES
        assert said.get("code") != "InternalError"


@given(st.lists(st.tuples(st.text(), st.text()), max_size=6))
def test_no_header_makes_the_fake_crash(headers):
    """Any headers get an answer in the vendor's shape."""
    assert Fake().answer(Request("POST", "/services/aigc/image2video/face-detect", tuple(headers), b"{}")).status in (
        400,
        401,
    )


@pytest.mark.parametrize(
    "url",
    [
        f"https://emoji-mock.test/error/InvalidURL.Timeout?{SECRET}",
        f"https://emoji-mock.test/error/{SECRET}.png",
        f"https://example.com/{SECRET.replace('-', '%2d')}",
        f"https://example.com/{SECRET.upper()}",
    ],
)
def test_no_key_of_a_url_is_kept(fake, url):
    """A key in the picture's URL is in no text of the journal, however it is written."""
    fake.answer(call(body(url)))
    assert SECRET[4:12] not in repr(fake.store.journal()).lower()


def test_a_key_of_any_form_is_not_kept(fake):
    """The credential of a call is redacted in all other parts of the entry."""
    secret = "hunter2-hunter2"
    fake.answer(call(body(f"https://example.com/{secret}"), key=secret, target=f"/nothing?{secret}", user_agent=secret))
    assert secret not in repr(fake.store.journal())


def test_the_journal_keeps_no_large_text(fake):
    """A URL of megabytes, echoed in the answer, is cut there too."""
    fake.answer(call(body("https://emoji-mock.test/error/InvalidURL.Timeout?" + "a" * 2_000_000)))
    assert len(repr(fake.store.journal())) < 20_000


@pytest.mark.parametrize(
    "url", ["https://emoji-mock.test/pa\u017fsed/640x800.png", "https://emoji-mock.test/fa\u0131led/FacePose.png"]
)
def test_letters_that_look_alike_steer_nothing(fake, url):
    """Only ASCII letters name an outcome."""
    assert fake.answer(call(body(url))).status == 200


def test_the_refused_host_is_the_pictures(fake):
    """The message names the host of the picture's URL."""
    fake.store.add_rule(Rule(outcome="error", code="ConnectionRefused"))
    said = json.loads(fake.answer(call(body("https://cdn.me.com/x.png"))).body)
    assert said["message"] == "Connection to cdn.me.com refused, please provide available URL."
