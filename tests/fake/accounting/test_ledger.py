"""The ledger: what images and seconds of video cost, by model and tier."""

import json
from decimal import Decimal

import pytest
from helpers import call, upload, video
from task_calls import INPUTS, create_task, task_call, wav

from emoji_mock import Fake, Options, Outcome, Rule
from emoji_mock.fake.accounting.ledger import Charge, Ledger

FAILS = "https://emoji-mock.test/failed/FacePose.png"
RESOLVED = {"x_dashscope_ossresourceresolve": "enable"}


@pytest.fixture
def fake(clock):
    """A fake on a clock that stands still."""
    return Fake(clock=clock)


def ledger_of(fake):
    """Return the ledger of the account that calls."""
    return fake.store.ledgers()["test"]


def speak(fake, model, seconds, parameters=None, changes=None):
    """Create a task with an audio file of so many seconds, and return its id."""
    audio = upload(fake, wav(seconds), model)
    return create_task(fake, model, {"audio_url": audio, **(changes or {})}, parameters, **RESOLVED)


@pytest.mark.parametrize(
    ("model", "parameters", "changes", "tier", "cost"),
    [
        ("emo-v1", None, {}, "1:1", "0.320"),
        ("emo-v1", None, {"face_bbox": [300, 300, 500, 500], "ext_bbox": [200, 200, 500, 600]}, "3:4", "0.640"),
        ("wan2.2-s2v", None, {}, "480P", "2.00"),
        ("wan2.2-s2v", {"resolution": "720P"}, {}, "720P", "3.60"),
        ("liveportrait", None, {}, "", "0.080"),
    ],
)
def test_a_video_costs_what_its_seconds_cost_at_its_tier(fake, model, parameters, changes, tier, cost):
    """An audio file of four seconds makes a video of four seconds."""
    speak(fake, model, 4, parameters, changes)
    ledger = ledger_of(fake)
    assert ledger.seconds_of == {(model, tier): Decimal(4)}
    assert (ledger.videos, ledger.images, ledger.seconds) == (1, 0, 4)
    assert ledger.cost == ledger.cost_videos == ledger.saved == Decimal(cost)
    entry = fake.store.journal().entries[-1]
    assert (entry.video, entry.billed, entry.model, entry.tier, entry.video_seconds) == (True, False, model, tier, 4.0)


@pytest.mark.parametrize("model", [*INPUTS])
def test_what_is_billed_is_what_the_usage_says(fake, clock, model):
    """Of every model, once its task has succeeded."""
    if model == "animate-anyone-gen2":
        template = create_task(fake, "animate-anyone-template-gen2")
        clock.now += 300
        task = create_task(fake, model, {"template_id": f"AACT.{template}"})
    else:
        task = create_task(fake, model)
    clock.now += 300
    state = json.loads(fake.answer(call(b"", method="GET", target=f"/api/v1/tasks/{task}")).body)
    usage = state["usage"]
    seconds = Decimal(str(usage.get("video_duration", usage.get("duration"))))
    assert ledger_of(fake).seconds_by(model) == seconds > 0


def test_a_task_that_will_fail_is_not_billed(fake):
    """It is counted, without seconds."""
    create_task(fake, "wan2.2-s2v", {"image_url": FAILS})
    assert (ledger_of(fake).videos, ledger_of(fake).seconds, ledger_of(fake).cost) == (1, 0, 0)


def test_a_cancelled_task_is_not_billed(fake):
    """The second one waits and can be cancelled; a task that runs cannot, and stays billed."""
    running, waiting = speak(fake, "liveportrait", 4), speak(fake, "liveportrait", 5)
    assert ledger_of(fake).seconds == 9
    for task, status in ((waiting, 200), (running, 400), (waiting, 400)):
        assert fake.answer(call(b"", target=f"/api/v1/tasks/{task}/cancel")).status == status
    assert (ledger_of(fake).videos, ledger_of(fake).seconds, str(ledger_of(fake).cost)) == (2, 4, "0.080")
    cancelled = [entry for entry in fake.store.journal().entries if entry.video_seconds < 0]
    assert [(entry.model, entry.video_seconds, entry.endpoint) for entry in cancelled] == [
        ("liveportrait", -5.0, "cancel_task")
    ]


def test_another_accounts_cancellation_takes_nothing_back(fake):
    """Neither from its own bill nor from the owner's."""
    speak(fake, "liveportrait", 4)
    waiting = speak(fake, "liveportrait", 5)
    fake.answer(call(b"", target=f"/api/v1/tasks/{waiting}/cancel", key="sk-mock-other"))
    assert {name: ledger.seconds for name, ledger in fake.store.ledgers().items()} == {"test": 9, "other": 0}


@pytest.mark.parametrize(("fault", "videos"), [("reset", 0), ("truncated_body", 1)])
def test_a_task_whose_answer_was_lost_is_billed_if_it_was_accepted(fake, fault, videos):
    """A connection that was reset brought nothing to the vendor."""
    fake.store.add_rule(Rule(fault=fault, times=1))
    fake.answer(task_call("wan2.2-s2v"))
    assert ledger_of(fake).videos == videos
    assert (ledger_of(fake).seconds > 0) is bool(videos)


def test_emoji_videos_cost_as_much_as_their_motion_lasts(fake):
    """At 0.08 CNY a second."""
    fake.answer(video({"driven_id": "mengwa_kaixin"}))
    ledger = ledger_of(fake)
    assert (ledger.seconds_of, str(ledger.cost)) == ({("emoji-v1", ""): 1}, "0.080")


def test_images_are_counted_by_model(fake):
    """And cost the same."""
    for model in ("emoji-detect-v1", "wan2.2-s2v-detect", "wan2.2-s2v-detect"):
        sent = {"model": model, "input": {"image_url": "https://example.com/me.png"}, "parameters": {"ratio": "1:1"}}
        fake.answer(call(json.dumps(sent).encode()))
    ledger = ledger_of(fake)
    assert ledger.images_of == {"emoji-detect-v1": 1, "wan2.2-s2v-detect": 2}
    assert (ledger.images, str(ledger.cost)) == (3, "0.012")


def test_a_failed_detection_that_comes_as_http_400_is_not_billed():
    """As wan2.2-s2v-detect refuses a picture without a person."""
    fake = Fake(Options())
    sent = {"model": "wan2.2-s2v-detect", "input": {"image_url": "https://emoji-mock.test/failed/NoHuman.png"}}
    assert fake.answer(call(json.dumps(sent).encode())).status == 400
    assert (ledger_of(fake).images, ledger_of(fake).errors, ledger_of(fake).images_of) == (0, 1, {})


def test_ledgers_are_added_and_subtracted():
    """By each model and tier; a copy changes alone."""
    one = Ledger()
    one.enter(Outcome.PASSED, "emoji-detect-v1")
    one.charge(Charge("wan2.2-s2v", "720P", 1.5))
    both = one.copy()
    both.add(one)
    assert (both.images_of, both.seconds_of) == ({"emoji-detect-v1": 2}, {("wan2.2-s2v", "720P"): Decimal(3)})
    assert (one.passed, str(one.cost)) == (1, "1.354")
    one.add(both, times=-1)
    assert (one.is_negative, both.is_negative, one.images_of) == (True, False, {"emoji-detect-v1": -1})
