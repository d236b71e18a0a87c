"""Tests each finding with a client that makes the mistake, and one in the same situation that does not."""

from contextlib import suppress
from random import Random

import httpx
import pytest
from helpers import picture

from emoji_mock.verdict.findings import Kind

ME, YOU = "https://example.com/me.png", "https://example.com/you.png"
POLICY = "/uploads?action=getPolicy&model=emoji-detect-v1"
GUESS = ([212, 194, 460, 441], [63, 30, 609, 575])


def busy(times):
    """Return a function that makes the service throttle so many requests."""
    return lambda api: api.errors("RateQuota", times=times)


def with_retry_after(seconds):
    """Return a function that makes the service throttle requests with a Retry-After."""

    def steer(api):
        api.fake.pause = seconds
        api.errors("RateQuota", times=3)

    return steer


def attempts(count, wait):
    """Return a client that makes so many attempts, and waits before each but the first."""

    def run(caller):
        for attempt in range(count):
            if attempt:
                caller.sleep(wait(attempt))
            caller.detect()

    return run


def jitter(seed=1):
    """Return the waits of full jitter."""
    random = Random(seed)
    return lambda attempt: random.uniform(0, min(8, 0.25 * 2**attempt))


def video_of_failed(caller):
    """Take HTTP 200 for success."""
    caller.detect()
    caller.video(ME, *GUESS)


def video_unless_failed(caller):
    """Check for a code first."""
    if "code" not in caller.detect().json()["output"]:
        caller.video(ME, *GUESS)


def video_with(choose):
    """Return a client that detects two pictures and requests a video of the first with the chosen boxes."""

    def run(caller):
        mine, yours = caller.boxes(ME), caller.boxes(YOU)
        caller.video(ME, *choose(mine, yours))

    return run


def polls(count, seconds):
    """Return a client that polls its task."""

    def run(caller):
        task = caller.video(ME, *caller.boxes())
        for _ in range(count):
            caller.sleep(seconds)
            caller.get(task)

    return run


def lists(seconds):
    """Return a client that lists its tasks 25 times."""

    def run(caller):
        for _ in range(25):
            caller.get("/tasks")
            caller.sleep(seconds)

    return run


def again_after(seconds):
    """Return a client that requests a detection twice."""

    def run(caller):
        caller.detect()
        caller.sleep(seconds)
        caller.detect()

    return run


def videos(count, between=None):
    """Return a client that requests the same video several times, a second apart, and calls `between` after each."""

    def run(caller):
        boxes = caller.boxes()
        for _ in range(count):
            task = caller.video(ME, *boxes)
            if between is not None:
                between(caller, task)
            caller.sleep(1)

    return run


def attempts_with_fresh(link, count=3, wait=lambda attempt: 2**attempt):
    """Return a client that makes a new link to the same picture for each attempt."""

    def run(caller):
        for attempt in range(count):
            caller.sleep(wait(attempt))
            caller.detect(link(caller, attempt), **{"x-dashscope-ossresourceresolve": "enable"})

    return run


def other_video(caller):
    """Request another video, which is then the one that runs."""
    caller.video(YOU, *caller.boxes(YOU))


def cancel(caller, task):
    """Cancel the task, if it is pending."""
    caller.http.post(f"https://dashscope.aliyuncs.com/api/v1{task}/cancel")


def signed(_, attempt):
    """Return a link with a new signature."""
    return f"https://bucket.oss-cn-beijing.aliyuncs.com/me.png?Expires={attempt}&OSSAccessKeyId=x&Signature=s{attempt}"


def uploaded(caller, _):
    """Return the URL of a new upload."""
    return caller.upload(picture())


def once(**given):
    """Return a client that sends one request."""
    return lambda caller: caller.detect(**given)


def with_key(key, **given):
    """Return a client that sends one request with a key that does not look like one."""

    def run(caller):
        caller.http.headers["authorization"] = f"Bearer {key}"
        caller.detect(**given)

    return run


def gets(path, count, wait=lambda _: 0.0):
    """Return a client that makes so many attempts at another request."""

    def run(caller):
        for attempt in range(count):
            caller.sleep(wait(attempt))
            with suppress(httpx.HTTPError):
                caller.get(path)

    return run


def unfetched(caller):
    """Retry after the vendor could not fetch the picture."""
    caller.api.reset()
    caller.api.errors("InvalidURL.Timeout", times=1)
    attempts(2, jitter())(caller)


def nothing(api):
    """Let every picture pass."""


PLAIN = "http://dashscope.aliyuncs.com/api/v1"

TABLE = {
    "retried-hopeless": [
        (lambda api: api.errors("Arrearage"), attempts(2, jitter()), once()),
        (lambda api: api.errors("InvalidApiKey", times=1), attempts(2, jitter()), once()),
        (lambda api: api.errors("Arrearage"), attempts_with_fresh(signed), once(url=signed(None, 1))),
        (nothing, gets("/nowhere", 2), gets("/tasks/x", 2, lambda _: 15)),
        (lambda api: api.errors("DataInspectionFailed"), attempts(2, jitter()), again_after(61)),
        # The vendor could not fetch the picture, but may succeed later.
        (lambda api: api.errors("Unpurchased"), attempts(2, jitter()), unfetched),
    ],
    "gave-up": [
        (busy(1), once(), attempts(2, jitter())),
        (lambda api: api.errors("ModelUnavailable", times=1), once(), attempts(2, jitter())),
        (lambda api: api.faults("refused", times=1), once(), attempts(2, jitter())),
        (busy(2), once(), attempts_with_fresh(signed)),
        (
            lambda api: api.when("oss://*").errors("RateQuota", times=2),
            attempts_with_fresh(uploaded, 1),
            attempts_with_fresh(uploaded),
        ),
        (lambda api: api.faults("bad_gateway", times=1), once(), attempts(2, jitter())),
        # After a reset a caller may retry, or avoid paying twice.
        (busy(1), once(), lambda caller: [caller.api.faults("reset"), caller.detect()]),
    ],
    "retry-storm": [
        (busy(9), attempts(10, lambda _: 0.2), attempts(10, jitter())),
        (lambda api: api.faults("bad_gateway"), gets("/tasks/x", 10), gets("/tasks/x", 10, lambda _: 15)),
        (lambda api: api.faults("bad_gateway"), gets(POLICY, 50), gets(POLICY, 49)),  # one for each picture of a batch
    ],
    "ignored-retry-after": [
        (with_retry_after("4"), attempts(2, lambda _: 2), attempts(2, lambda _: 4)),
        # An obeyed Retry-After is not a constant backoff; and after a Retry-After of a minute a caller may give up.
        (
            with_retry_after("0"),
            lambda caller: [with_retry_after("1")(caller.api), attempts(3, lambda _: 0)(caller)],
            attempts(4, lambda _: 0),
        ),
        (with_retry_after("60"), attempts(2, lambda _: 59), once()),
    ],
    "no-read-timeout": [
        (lambda api: api.faults("stall", times=1), once(timeout=None), once(timeout=30)),
        (lambda api: api.faults("stall_in_body", times=1), once(timeout=None), once(timeout=30)),
        (lambda api: api.faults("stall", times=1), once(timeout=91), once(timeout=90)),
        (lambda api: api.slow(90), once(timeout=None), once(timeout=60)),
    ],
    "took-failed-for-passed": [(lambda api: api.fails("FacePose"), video_of_failed, video_unless_failed)],
    "boxes-of-another-picture": [
        (nothing, video_with(lambda _, yours: yours), video_with(lambda mine, _: mine)),
        (nothing, video_with(lambda mine, yours: (mine[0], yours[1])), video_with(lambda mine, _: mine)),
        (nothing, video_with(lambda mine, yours: (yours[0], mine[1])), video_with(lambda mine, _: mine)),
        # Boxes that no detection returned may be the caller's own.
        (nothing, video_with(lambda _, yours: yours), video_with(lambda *_: GUESS)),
    ],
    "swapped-boxes": [
        (nothing, video_with(lambda mine, _: mine[::-1]), video_with(lambda mine, _: mine)),
        (nothing, video_with(lambda mine, _: (mine[0], mine[0])), video_with(lambda mine, _: mine)),
        (nothing, video_with(lambda mine, _: (mine[1], mine[1])), video_with(lambda mine, _: mine)),
    ],
    "key-in-url": [
        (nothing, once(query="?api_key=sk-mock-caller"), once(query="?trace=1")),
        (
            nothing,
            with_key("b1946ac92492d234", query="?key=b1946ac92492d234"),
            with_key("b1946ac92492d234", query="?key=b1"),
        ),
    ],
    "key-over-http": [(nothing, once(home=PLAIN), once())],
    "async-header": [(nothing, once(**{"x-dashscope-async": "enable"}), once())],
    "paid-twice": [
        (
            lambda api: api.slow(0.5),
            again_after(1),
            lambda caller: [caller.detect(timeout=0.4), caller.detect()],
        ),
        (lambda api: api.fails("Value"), again_after(1), once()),
        (nothing, again_after(59), again_after(61)),
        (nothing, attempts_with_fresh(signed), attempts_with_fresh(signed, 1)),
        # An answer that the network lost may be requested again.
        (
            nothing,
            again_after(0),
            lambda caller: [caller.api.faults("truncated_body", times=1), again_after(1)(caller)],
        ),
        # A video is billed as well, unless its task is cancelled; the second of two is pending, and can be.
        (nothing, videos(3), videos(1)),
        (nothing, videos(2), lambda caller: [videos(1)(caller), caller.sleep(61), videos(1)(caller)]),
        (nothing, videos(3, cancel), lambda caller: [other_video(caller), videos(3, cancel)(caller)]),
        (
            lambda api: api.when(endpoint="video_synthesis").fails("InternalError.Algo"),
            videos(2),
            videos(2, lambda caller, task: [caller.sleep(400), caller.get(task)]),
        ),
    ],
    "polled-too-fast": [(nothing, polls(6, 0.5), polls(6, 15)), (nothing, polls(5, 0.8), polls(30, 1))],
    "over-task-limit": [(nothing, lists(0.01), lists(0.06))],
    "no-backoff": [
        (busy(3), attempts(4, lambda _: 0), attempts(4, jitter())),
        (busy(2), attempts(3, lambda _: 0.005), attempts(2, lambda _: 0)),  # the first retry may come at once
        (lambda api: api.faults("reset", times=2), attempts(3, lambda _: 0), attempts(3, jitter())),
        (lambda api: api.faults("reset", times=2), gets("/tasks/x", 3), gets("/tasks/x", 3, jitter())),
    ],
    "constant-backoff": [
        (busy(3), attempts(4, lambda _: 2), attempts(4, lambda attempt: 2**attempt)),
        (busy(3), attempts(4, lambda _: 0.99), attempts(4, lambda _: 1.02)),  # one a second is documented
        (busy(4), attempts(5, lambda attempt: 2 + attempt / 100), attempts(5, lambda attempt: min(8, 2**attempt))),
    ],
}
BAD = [(name, steer, bad) for name, rows in TABLE.items() for steer, bad, _ in rows]
GOOD = [(steer, good) for rows in TABLE.values() for steer, _, good in rows]
IDS = [f"{name}-{number}" for name, rows in TABLE.items() for number in range(len(rows))]


def test_every_finding_is_in_the_table():
    """Each finding has its two clients."""
    assert {kind.value.title for kind in Kind} == set(TABLE)


@pytest.mark.parametrize(("name", "steer", "bad"), BAD, ids=IDS)
def test_a_client_that_misbehaves(caller, name, steer, bad):
    """It is found, with exchanges of the journal that show it."""
    steer(caller.api)
    bad(caller)
    assert name in caller.found()
    found = next(finding for finding in caller.api.verdict if finding.name == name)
    assert set(found.exchanges) <= {entry.number for entry in caller.api.calls}
    assert found.exchanges
    assert found.namespace == caller.api.calls[0].namespace


@pytest.mark.parametrize(("steer", "good"), GOOD, ids=IDS)
def test_a_client_that_behaves(caller, steer, good):
    """Nothing is found, not even anything risky."""
    steer(caller.api)
    good(caller)
    caller.api.assert_resilient(strict=True)
