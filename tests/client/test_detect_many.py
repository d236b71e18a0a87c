"""Tests of batches: order, errors, concurrency and pace."""

import threading
import time
from itertools import pairwise

import anyio
import httpx2
import pytest
from client_helpers import FAILED, ID, PASSED, refused

from emoji_mock.client import (
    AsyncEmojiDetect,
    CallLimits,
    EmojiDetect,
    Failed,
    Passed,
    PictureError,
    RequestError,
    ThrottledError,
)

URLS = [f"https://example.com/{number}.png" for number in range(6)]
QUICK = CallLimits(per_second=float("inf"), at_once=3)


def by_picture(request):
    """Return a response that depends on the picture."""
    number = int(request.content.split(b".png")[0][-1:])
    return (
        (200, PASSED) if number % 3 == 0 else (200, FAILED) if number % 3 == 1 else (400, refused("InvalidParameter"))
    )


def test_results_and_errors_are_in_order(way):
    """Each picture has its own outcome; errors do not affect others, and failed ones are always returned."""
    client = way(by_picture, limits=QUICK, raise_on_failed=True)
    reported = {}
    outcomes = client.detect_many([*URLS, "data:,x", b"GIF"], on_each=reported.__setitem__)
    kinds = [Passed, Failed, RequestError, Passed, Failed, RequestError, RequestError, PictureError]
    assert [type(each) for each in outcomes] == kinds
    assert [reported[number] for number in range(8)] == outcomes
    assert [each.passed for each in outcomes] == [True, False, False, True, False, False, False, False]


def test_an_empty_batch(way):
    """Without pictures there are no results."""
    assert way((200, PASSED)).detect_many([]) == []


def test_a_retry_is_later_than_its_turn_by_a_random_share(way):
    """The pace would make all short waits equal, so a random share of it is added; no request is too early."""
    starts = []

    def answer(_):
        starts.append(client.now)
        return (429, refused("Throttling")) if 1 < len(starts) < 5 else (200, PASSED)

    client = way(answer, limits=CallLimits(at_once=1))
    assert [each.passed for each in client.detect_many(URLS[:3])] == [True] * 3
    first, *repeated, last = [after - before for before, after in pairwise(starts)]
    assert (first, last) == (1, 1)
    assert len(repeated) == len({round(wait, 2) for wait in repeated}) == 3
    assert all(1 < wait < 3.01 for wait in repeated)


def test_one_request_a_second(way):
    """By default requests start a second apart, and a retry not before its time."""
    starts = []

    def answer(_):
        starts.append(client.now)
        return (429, refused("Throttling"), {"retry-after": "1"}) if len(starts) == 2 else (200, PASSED)

    client = way(answer, limits=CallLimits(at_once=1))
    assert [each.passed for each in client.detect_many(URLS[:3])] == [True] * 3
    assert starts == [0, 1, 2, 3]


def test_the_pace_holds_across_batches_but_not_for_single_calls(way):
    """A second batch waits for its turn, also after a single call; `detect` never waits."""
    client = way((200, PASSED), limits=CallLimits(at_once=1, per_second=0.5))
    client.detect_many(URLS[:1])
    client.detect_many(URLS[:1])
    assert client.slept == [2]
    client.detect(URLS[0])
    assert client.slept == [2]
    client.detect_many(URLS[:1])
    assert client.slept == [2, 2]


def test_waiting_for_a_turn_does_not_use_up_the_deadline(way):
    """The pace is the client's own; the deadline is for the picture."""
    client = way((200, PASSED), limits=CallLimits(at_once=1, per_second=0.01, deadline=10))
    assert [each.passed for each in client.detect_many(URLS[:3])] == [True] * 3
    assert client.slept == [100, 100]


def test_an_error_after_all_attempts_is_returned(way):
    """It is the vendor's last error."""
    (outcome,) = way((429, refused("Throttling"), {"retry-after": "0"}), limits=QUICK).detect_many(URLS[:1])
    assert isinstance(outcome, ThrottledError)
    assert outcome.request_id == ID


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
def test_concurrency_is_bounded(is_async):
    """At most `at_once` detections run at the same time."""
    under_way, most = 0, 0
    lock = threading.Lock()

    def count(step):
        nonlocal under_way, most
        with lock:
            under_way += step
            most = max(most, under_way)

    def slowly(_):
        count(1)
        time.sleep(0.01)
        count(-1)
        return httpx2.Response(200, content=PASSED)

    async def aslowly(_):
        count(1)
        await anyio.sleep(0.01)
        count(-1)
        return httpx2.Response(200, content=PASSED)

    if is_async:
        client = AsyncEmojiDetect("sk-mock-me", transport=httpx2.MockTransport(aslowly), limits=QUICK)
        outcomes = anyio.run(client.detect_many, URLS)
    else:
        client = EmojiDetect("sk-mock-me", transport=httpx2.MockTransport(slowly), limits=QUICK)
        outcomes = client.detect_many(URLS)
    assert len(outcomes) == 6
    assert most == 3


def test_an_exception_in_on_each_is_raised():
    """An exception of the caller's is not swallowed."""

    def stop(_number, _ended):
        raise KeyError("mine")

    client = EmojiDetect(
        "sk-mock-me", transport=httpx2.MockTransport(lambda _: httpx2.Response(200, content=PASSED)), limits=QUICK
    )
    with pytest.raises(KeyError, match="mine"):
        client.detect_many(URLS, on_each=stop)


def test_an_interrupted_batch_sends_nothing_more():
    """Threads that wait for their turn or a retry wake up, and send nothing."""
    requests = []

    def answer(request):
        requests.append(request)
        return httpx2.Response(429, headers={"retry-after": "60"}, content=refused("Throttling"))

    def reported(_number, _ended):
        raise KeyboardInterrupt

    limits = CallLimits(at_once=4, per_second=0.1)
    client = EmojiDetect("sk-mock-me", transport=httpx2.MockTransport(answer), limits=limits)
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        client.detect_many(["data:,x", *URLS], on_each=reported)
    assert time.monotonic() - start < 5
    assert len(requests) <= 1


def test_a_cancelled_batch_sends_nothing_more():
    """The same holds for the asynchronous client; finished detections were reported."""
    requests, reported = [], []

    def answer(request):
        requests.append(request)
        return httpx2.Response(200, content=PASSED)

    async def go():
        client = AsyncEmojiDetect(
            "sk-mock-me", transport=httpx2.MockTransport(answer), limits=CallLimits(at_once=4, per_second=2)
        )
        with anyio.move_on_after(0.3):
            await client.detect_many(URLS, on_each=lambda number, _: reported.append(number))
        await anyio.sleep(0.5)

    anyio.run(go)
    assert (len(requests), len(reported)) == (1, 1)
