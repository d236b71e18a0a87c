"""Limits as a caller meets them: which code, when, and what it does to the bill."""

import json
import threading

import pytest
from helpers import body, call, status_and_body, video
from hypothesis import given, settings
from hypothesis import strategies as st
from task_calls import task_call

from emoji_mock import Fake, Limits, Options, Rule

AA_DETECT = "/api/v1/services/aigc/image2video/aa-detect"
RATE = (
    429,
    '{"code":"Throttling.RateQuota","message":"Requests rate limit exceeded, please try again later.","request_id":"ID"}',
)
BURST = (
    429,
    '{"code":"Throttling.BurstRate","message":"Request rate increased too quickly. To ensure system stability, please adjust your client logic to scale requests more smoothly over time.","request_id":"ID"}',
)
CROWDED = (429, '{"code":"Throttling","message":"Requests throttling triggered.","request_id":"ID"}')
EXHAUSTED = (
    403,
    '{"code":"AllocationQuota.FreeTierOnly","message":"The free tier of the model has been exhausted. If you wish to continue access the model on a paid basis, please disable the \\"use free tier only\\" mode in the management console.","request_id":"ID"}',
)
ARREARS = (
    400,
    '{"code":"Arrearage","message":"Access denied, please make sure your account is in good standing.","request_id":"ID"}',
)
FAILED = "https://emoji-mock.test/failed/FacePose.png"
ERROR = "https://emoji-mock.test/error/InternalError.png"


def limited(clock, **limits):
    """Return a fake with these limits."""
    options = {name: limits.pop(name) for name in ("latency", "time_scale") if name in limits}
    return Fake(Options(seed=7, limits=Limits(**limits), **options), clock=clock)


def statuses(fake, number, *args, **kwargs):
    """Return what so many calls get."""
    return [fake.answer(call(*args, **kwargs)).status for _ in range(number)]


@pytest.mark.parametrize(
    ("limits", "answers"),
    [
        ({"rps": 1}, RATE),
        ({"burst": 1}, BURST),
        ({"concurrency": 1, "latency": 2.0}, CROWDED),
        ({"images": 1}, EXHAUSTED),
        ({"spend": "0.004"}, ARREARS),
        ({"spend": "0.0079"}, ARREARS),
        ({"images": 1, "spend": "0.004"}, ARREARS),
        ({"images": 1, "spend": "0.008"}, EXHAUSTED),
        ({"images": 1, "rps": 1}, EXHAUSTED),
        ({"rps": 1, "burst": 1}, RATE),
    ],
    ids=str,
)
def test_what_a_call_over_a_limit_gets(clock, limits, answers):
    """Each limit has a code of its own; the account is looked at before the rate, arrears before the free tier."""
    fake = limited(clock, **limits)
    assert statuses(fake, 1) == [200]
    assert status_and_body(fake.answer(call())) == answers


@pytest.mark.parametrize(
    ("limits", "wait"),
    [({"rps": 1}, 1.0), ({"burst": 1}, 0.11), ({"concurrency": 1, "latency": 2.0}, 2.0)],
    ids=str,
)
def test_a_limit_lets_go_in_time(clock, limits, wait):
    """After its window, or once the call under way is over, the next call goes through."""
    fake = limited(clock, **limits)
    assert statuses(fake, 2) == [200, 429]
    clock.now += wait / 2
    assert statuses(fake, 1) == [429]
    clock.now += wait / 2
    assert statuses(fake, 1) == [200]


@pytest.mark.parametrize(("limits", "seconds"), [({"rps": 1}, "1"), ({"concurrency": 1, "latency": 2.5}, "3")], ids=str)
def test_retry_after_is_said_only_when_asked_for(clock, limits, seconds):
    """No Retry-After, as observed; a switch adds whole seconds, after which the call goes through."""
    fake = limited(clock, **limits)
    quiet = [fake.answer(call()) for _ in range(2)][1]
    assert quiet.status == 429
    assert "retry-after" not in dict(quiet.headers)
    fake = limited(clock, **limits, retry_after=True)
    first, second = (fake.answer(call()) for _ in range(2))
    assert "retry-after" not in dict(first.headers)
    assert dict(second.headers)["retry-after"] == seconds
    clock.now += float(seconds)
    assert statuses(fake, 1) == [200]


def test_an_account_that_is_used_up_says_no_retry_after(clock):
    """Waiting does not help there."""
    fake = limited(clock, images=0, retry_after=True)
    assert "retry-after" not in dict(fake.answer(call()).headers)


def test_a_refused_call_costs_nothing_and_uses_nothing(clock):
    """Neither a throttled call nor an error counts against the free tier; a failed detection does."""
    fake = limited(clock, images=2, rps=1)
    assert statuses(fake, 3) == [200, 429, 429]
    for url, status in ((ERROR, 500), (FAILED, 200), (ERROR, 403)):
        clock.now += 1
        assert statuses(fake, 1, body(url)) == [status]
    ledger = fake.store.ledgers()["test"]
    assert (ledger.images, ledger.errors) == (2, 4)


def test_an_answer_that_the_network_lost_counts(clock):
    """It was billed, so it is off the free tier; a connection that was reset was not."""
    fake = limited(clock, images=1)
    fake.store.replace_rules([Rule(fault="reset", times=1), Rule(fault="truncated_body", times=1)])
    fake.answer(call()), fake.answer(call())
    assert status_and_body(fake.answer(call())) == EXHAUSTED


def test_what_a_call_ends_in_does_not_matter_to_the_rate(clock):
    """A call that got past the limit counts, whatever its body or its picture; one that came not so far does not."""
    fake = limited(clock, rps=1)
    assert statuses(fake, 1, body(model="no-such")) == [400]
    assert statuses(fake, 1, body(parameters={})) == [400]
    assert statuses(fake, 1) == [429]


def test_namespaces_have_counts_of_their_own(clock):
    """One account's calls throttle no other."""
    fake = limited(clock, rps=1, images=1)
    assert [statuses(fake, 2, key=f"sk-mock-{name}") for name in "ab"] == [[200, 403], [200, 403]]


def test_models_have_counts_of_their_own(clock):
    """The video's rate is not the detection's, and the detection's free tier is not the video's."""
    fake = limited(clock, rps=1, images=1)
    assert [fake.answer(request).status for request in (call(), video(), video())] == [200, 200, 429]


def test_arrears_are_the_accounts(clock):
    """An account that may spend nothing more is refused videos and uploads, too."""
    fake = limited(clock, spend=0)
    policy = call(b"", method="GET", target="/api/v1/uploads?action=getPolicy&model=emoji-detect-v1")
    assert [status_and_body(fake.answer(request)) for request in (call(), video(), policy)] == [ARREARS] * 3


DETECTIONS = {"emoji-detect-v1": 1, "emo-detect-v1": 5, "wan2.2-s2v-detect": 5, "liveportrait-detect": 5}
TASKS = {"emo-v1": 5, "wan2.2-s2v": 5, "liveportrait": 5, "videoretalk": 1}


@pytest.mark.parametrize(("model", "rps"), [*DETECTIONS.items(), *TASKS.items()])
def test_the_documented_rate_is_each_models_own(clock, model, rps):
    """So many calls within a second, and the next is refused; another model's are not."""
    fake = limited(clock, documented=True)
    make = task_call if model in TASKS else lambda name: call(body(model=name))
    assert [fake.answer(make(model)).status for _ in range(rps + 1)] == [200] * rps + [429]
    assert fake.answer(call(body(model="animate-anyone-detect-gen2"), target=AA_DETECT)).status == 200
    clock.now += 1
    assert fake.answer(make(model)).status == 200


def test_the_documented_free_quota_of_images_is_each_models_own(clock):
    """Two hundred of each detection model."""
    fake = limited(clock, documented=True, rps=1000)
    for model in ("wan2.2-s2v-detect", "liveportrait-detect"):
        found = [fake.answer(call(body(f"https://example.com/{n}.png", model=model))) for n in range(201)]
        assert [answer.status for answer in found] == [200] * 200 + [403]
        assert status_and_body(found[-1]) == EXHAUSTED


def test_the_free_quota_of_seconds_is_each_models_own(clock):
    """A video whose length is not known before is accepted while anything is left; another model has its own."""
    fake = limited(clock, seconds=2)
    assert [fake.answer(task_call("wan2.2-s2v")).status for _ in range(2)] == [200, 403]
    assert status_and_body(fake.answer(task_call("wan2.2-s2v"))) == EXHAUSTED
    assert [fake.answer(task_call("liveportrait")).status for _ in range(2)] == [200, 403]
    assert statuses(fake, 3) == [200] * 3


def test_a_video_that_is_not_billed_uses_no_quota(clock):
    """One that will fail, and one that was cancelled."""
    fake = limited(clock, seconds=2)
    assert fake.answer(task_call("wan2.2-s2v", {"image_url": FAILED})).status == 200
    waiting = json.loads(fake.answer(task_call("wan2.2-s2v")).body)["output"]["task_id"]
    assert fake.answer(task_call("wan2.2-s2v")).status == 403
    assert fake.answer(call(b"", target=f"/api/v1/tasks/{waiting}/cancel")).status == 200
    assert fake.answer(task_call("wan2.2-s2v")).status == 200


def test_videos_count_against_the_spending_limit(clock):
    """After one of some seconds, at 0.9 CNY each, the account is in arrears for everything."""
    fake = limited(clock, spend="1")
    assert fake.answer(task_call("wan2.2-s2v", None, {"resolution": "720P"})).status == 200
    assert [status_and_body(fake.answer(request)) for request in (call(), video(), task_call("emo-v1"))] == [
        ARREARS
    ] * 3


@pytest.mark.parametrize(
    ("method", "target"), [("GET", "/api/v1/tasks/x"), ("GET", "/api/v1/tasks"), ("POST", "/api/v1/tasks/x/cancel")]
)
def test_tasks_have_limits_of_their_own(clock, method, target):
    """Query, list and cancel are counted each for itself, and answer as task endpoints do."""
    fake = limited(clock, task_qps=2, rps=1, retry_after=True)
    for other_method, other in (
        ("GET", "/api/v1/tasks/y"),
        ("GET", "/api/v1/tasks"),
        ("POST", "/api/v1/tasks/y/cancel"),
    ):
        if (other_method, other) != (method, target.replace("x", "y")):
            fake.answer(call(b"", method=other_method, target=other))
    answers = [fake.answer(call(b"", method=method, target=target)) for _ in range(3)]
    assert [answer.status == 429 for answer in answers] == [False, False, True]
    assert status_and_body(answers[2]) == RATE
    headers = dict(answers[2].headers)
    assert (headers["content-type"], headers["retry-after"]) == ("application/json;charset=UTF-8", "1")
    clock.now += 1
    assert fake.answer(call(b"", method=method, target=target)).status != 429


@pytest.mark.parametrize(("fault", "seconds"), [("stall", 30.0), ("reset", None)])
def test_a_stalled_call_is_under_way_until_its_end(clock, fault, seconds):
    """A call keeps its place as long as its connection."""
    fake = limited(clock, concurrency=1)
    fake.store.replace_rules([Rule(fault=fault, seconds=seconds, times=1)])
    fake.answer(call())
    assert statuses(fake, 1) == [429 if seconds else 200]
    clock.now += 30
    assert statuses(fake, 1) == [200]


def test_limits_set_later_go_before_those_of_the_options(clock):
    """A namespace's own go before everyone's, and these before those the fake was made with; each whole."""
    fake = limited(clock, rps=1)
    fake.store.set_limits(Limits(images=3))
    fake.store.set_limits(Limits(), "b")
    assert statuses(fake, 4) == [200, 200, 200, 403]
    assert statuses(fake, 4, key="sk-mock-b") == [200] * 4
    fake.store.set_limits(None)
    clock.now += 1
    assert statuses(fake, 2) == [200, 429]


def test_a_reset_gives_everything_back(clock):
    """Counts, the bill, and limits set later are forgotten; those of the options hold on."""
    fake = limited(clock, rps=1, images=1)
    fake.store.set_limits(Limits(images=0), "test")
    assert statuses(fake, 1) == [403]
    fake.store.reset("test")
    assert statuses(fake, 2) == [200, 403]
    fake.store.reset()
    assert statuses(fake, 2) == [200, 403]


def test_without_limits_nothing_is_counted(clock):
    """By default an account has none."""
    fake = Fake(clock=clock)
    assert set(statuses(fake, 300)) == {200}


@settings(deadline=None)  # the machine may be busy
@given(seed=st.integers(0, 2**32), waits=st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=2, max_size=12))
def test_a_seed_repeats_a_limited_run(seed, waits):
    """With the same seed and clock the same calls get the same bytes and the same headers, refusals included."""
    runs = []
    for _ in range(2):
        now = [1_795_366_800.0]
        fake = Fake(Options(seed=seed, limits=Limits(rps=1, images=5, retry_after=True)), clock=lambda now=now: now[0])
        answers = []
        for wait in waits:
            now[0] += wait
            answers.append(fake.answer(call()))
        runs.append(answers)
    assert runs[0] == runs[1]


@settings(deadline=None)  # the machine may be busy
@given(
    images=st.integers(0, 5),
    urls=st.lists(
        st.sampled_from(["https://example.com/1.png", "https://example.com/2.png", FAILED, ERROR]), max_size=20
    ),
)
def test_the_free_tier_is_used_to_the_last_image_and_no_further(images, urls):
    """Whatever comes: as many are billed as there are, in the order in which they came."""
    fake = Fake(Options(limits=Limits(images=images)))
    for url in urls:
        fake.answer(call(body(url)))
    billed = [entry.image_url for entry in fake.store.journal().entries if entry.billed]
    assert billed == [url for url in urls if url != ERROR][:images]


def test_threads_never_overdraw_an_account():
    """Eight threads bill exactly the images that there are, and hold none when they are done."""
    fake, start = Fake(Options(limits=Limits(images=100))), threading.Barrier(8)

    def ask():
        start.wait()
        for number in range(40):
            fake.answer(call(body(ERROR) if number % 4 == 3 else None))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert fake.store.ledgers()["test"].images == 100
    fake.store.set_limits(Limits(images=101))
    assert statuses(fake, 2) == [200, 403]
