"""The metrics of a fake: what each counts, that callers cannot add series, and that nothing is left when they end."""

import json

import httpx
import pytest
from helpers import body, call, raw_call, video
from metric_samples import OPENMETRICS, families_of, one_sample, samples_of
from servers import running
from store_helpers import valkey_store

from emoji_mock import Fake, Options, Rule, __version__
from emoji_mock.fake.store.ports import StoreUnavailableError
from emoji_mock.replicas.shared_fake import SharedFake
from emoji_mock.server.metrics.measuring import FOLDER_VARIABLE, measuring


@pytest.fixture
def scrape(fake):
    """A function that returns the page of the metrics of `fake`."""
    with measuring(fake) as scrape:
        yield scrape


def detect(fake, path="passed/640x800.png", **changes):
    """Ask for a detection whose outcome the URL says."""
    return fake.answer(call(body(f"https://emoji-mock.test/{path}", **changes)))


def test_calls_are_counted_by_how_they_end(fake, scrape):
    """Code, endpoint, fault, model, outcome; a call that passed has no code."""
    for path in ("passed/640x800.png", "passed/641x800.png", "failed/FacePose.png", "error/RateQuota.png"):
        detect(fake, path)
    fake.store.add_rule(Rule(fault="reset", times=1))
    detect(fake)
    fake.answer(call(b"", method="GET", target="/api/v1/nothing"))
    assert samples_of(scrape(""), "calls_total") == {
        "- face_detect - emoji-detect-v1 passed": 2,
        "InvalidFile.FacePose face_detect - emoji-detect-v1 failed": 1,
        "Throttling.RateQuota face_detect - emoji-detect-v1 error": 1,
        "- face_detect reset emoji-detect-v1 fault": 1,
        "- other - - error": 1,
    }


def test_images_are_counted_as_they_are_billed(fake, scrape):
    """Passed and failed ones, and those whose answer the network lost; no error."""
    for path in ("passed/640x800.png", "failed/FacePose.png", "error/RateQuota.png"):
        detect(fake, path)
    fake.store.add_rule(Rule(fault="truncated_body", times=1))
    detect(fake)
    assert samples_of(scrape(""), "images_billed_total") == {"emoji-detect-v1": 3}
    assert fake.store.ledgers()["test"].images == 3


def test_seconds_of_video_are_counted_and_what_a_cancellation_takes_back(fake, scrape):
    """A counter never goes down: what is billed is the one less the other."""
    tasks = [json.loads(fake.answer(video()).body)["output"]["task_id"] for _ in range(2)]
    billed = fake.store.ledgers()["test"].seconds
    answer = fake.answer(call(b"", target=f"/api/v1/tasks/{tasks[1]}/cancel"))
    assert answer.status == 200
    taken_back = billed - fake.store.ledgers()["test"].seconds
    assert taken_back > 0
    page = scrape("")
    assert samples_of(page, "video_seconds_billed_total") == {"emoji-v1": float(billed)}
    assert samples_of(page, "video_seconds_cancelled_total") == {"emoji-v1": float(taken_back)}


def test_rules_are_counted_each_time_they_are_used(fake, scrape):
    """By what they prescribe; one that only delays has neither outcome, nor code, nor fault."""
    fake.store.add_rule(Rule(outcome="failed", code="FacePose", times=2))
    fake.store.add_rule(Rule(latency=0.5))
    fake.store.add_rule(Rule(fault="stall", times=1))
    for _ in range(4):
        detect(fake)
    assert samples_of(scrape(""), "rules_used_total") == {
        "- stall -": 1,
        "- - -": 3,
        "InvalidFile.FacePose - failed": 2,
    }


def test_the_time_of_an_answer_has_no_delay_in_it(fake, scrape):
    """By endpoint; what a rule or an option adds is waited for by whoever sends the answer."""
    fake.store.add_rule(Rule(latency=600))
    assert detect(fake).delay == 600
    fake.answer(call(b"", method="GET", target="/api/v1/tasks/none"))
    page = scrape("")
    assert samples_of(page, "answer_seconds_count") == {"face_detect": 1, "task": 1}
    assert 0 < sum(samples_of(page, "answer_seconds_sum").values()) < 60


def test_a_call_that_is_not_recorded_is_counted_apart(fake, scrape, monkeypatch):
    """The store is gone: the page says so, counts the call, and still has all that this process knows."""
    detect(fake)

    def refuse(*_, **__):
        raise StoreUnavailableError("the engine cannot be reached")

    for name in ("record", "latest_calls"):
        monkeypatch.setattr(fake.store, name, refuse)
    with pytest.raises(StoreUnavailableError):
        detect(fake)
    page = scrape("")
    assert samples_of(page, "calls_unrecorded_total") == {"face_detect": 1}
    assert (one_sample(page, "store_up"), one_sample(page, "journal_entries")) == (0, None)
    assert samples_of(page, "calls_total") == {"- face_detect - emoji-detect-v1 passed": 1}


def test_the_journal_is_read_when_it_is_asked_for(clock):
    """How many calls it keeps, and the number of the newest, which a reset leaves as it is."""
    fake = Fake(Options(journal_size=100), clock=clock)
    with measuring(fake) as scrape:
        for _ in range(256):
            detect(fake)
        page = scrape("")
        assert (one_sample(page, "journal_entries"), one_sample(page, "journal_last_number")) == (100, 256)
        assert one_sample(page, "store_up") == 1
        fake.reset()
        page = scrape("")
        assert (one_sample(page, "journal_entries"), one_sample(page, "journal_last_number")) == (0, 256)


def test_callers_cannot_add_series(fake, scrape):
    """A thousand models, keys and paths that nobody knows are one series each, and no text of a caller is on the page."""
    detect(fake)
    fake.answer(call(b"", method="GET", target="/api/v1/nothing"))
    detect(fake, model="invented-0")
    before = sum(len(family.samples) for family in families_of(scrape("")))
    for number in range(1, 1_000):
        detect(fake, model=f"invented-{number}")
        fake.answer(call(b"", method="GET", target=f"/api/v1/invented-{number}", key=f"sk-mock-invented-{number}"))
        fake.answer(call(key=f"sk-mock-invented-{number}"))
    page = scrape("")
    assert sum(len(family.samples) for family in families_of(page)) == before
    assert samples_of(page, "calls_total")["InvalidParameter face_detect - other error"] == 1_000
    assert b"invented" not in page[0]


def test_operations_of_a_shared_store_are_timed(fake):
    """The engine reports each with its name and its seconds, until the measuring ends."""

    class Engine:
        on_operation = None

    engine = Engine()
    with measuring(fake, engine) as scrape:
        engine.on_operation("record", 0.002)
        engine.on_operation("record", 0.004)
        page = scrape("")
    assert samples_of(page, "store_seconds_count") == {"record": 2}
    assert samples_of(page, "store_seconds_sum") == {"record": pytest.approx(0.006)}
    assert samples_of(page, "store_seconds_bucket")["0.0025 record"] == 1
    assert list(samples_of(page, "info")) == [f"valkey {__version__}"]
    assert engine.on_operation is None


def test_the_operations_of_calls_in_a_shared_store_are_seen():
    """Each call is recorded by one; a real engine reports it."""
    fake = SharedFake(Options(seed=7), valkey_store())
    with measuring(fake, fake.store.engine) as scrape:
        for _ in range(3):
            detect(fake)
        page = scrape("")
    assert samples_of(page, "store_seconds_count")["record"] == 3
    assert (one_sample(page, "journal_entries"), one_sample(page, "journal_last_number")) == (3, 3)


def test_openmetrics_is_sent_where_it_is_asked_for(fake, scrape):
    """The same numbers in either format, each with its own media type, and none in the time of a series' creation."""
    detect(fake)
    text, open_text = scrape("*/*"), scrape(OPENMETRICS)
    assert text[1] == "text/plain; version=0.0.4; charset=utf-8"
    assert open_text[1].startswith("application/openmetrics-text; version=1.0.0")
    assert samples_of(text, "calls_total") == samples_of(open_text, "calls_total")
    assert b"_created" not in text[0] + open_text[0]


def test_the_fakes_of_others_are_not_counted(fake, scrape):
    """Neither another fake of this process, nor the one that answers the examples of the manual."""
    with running(fake) as live:
        assert httpx.get(f"{live.url}/openapi.json").status_code == 200
        detect(Fake())
        live.send(raw_call())
    assert samples_of(scrape(""), "calls_total") == {"- face_detect - emoji-detect-v1 passed": 1}


def test_nothing_is_measured_any_more_at_the_end(fake):
    """The fake and its store have their own functions again."""
    with measuring(fake) as scrape:
        detect(fake)
    fake.store.add_rule(Rule(latency=0))
    detect(fake)
    page = scrape("")
    assert samples_of(page, "calls_total") == {"- face_detect - emoji-detect-v1 passed": 1}
    assert samples_of(page, "rules_used_total") == {}
    assert {"answer", "take_rules"}.isdisjoint({*vars(fake), *vars(fake.store)})
    assert fake.listener is None


def test_a_folder_for_counts_that_is_none_is_refused(fake, monkeypatch, tmp_path):
    """The variable is the client's own, and may be set for other programs."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "none"))
    with pytest.raises(ValueError, match=f"{FOLDER_VARIABLE} is not set or not a directory"), measuring(fake):
        pass
