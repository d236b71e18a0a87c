"""Batches: in order, one error apart from the others, so many at once, and so far apart."""

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
    """An answer that depends on the picture."""
    number = int(request.content.split(b".png")[0][-1:])
    return (
        (200, PASSED) if number % 3 == 0 else (200, FAILED) if number % 3 == 1 else (400, refused("InvalidParameter"))
    )


def test_results_come_in_order_and_errors_are_among_them(way):
    """Each picture has its own end, and one that is wrong spoils no other; a failed one is returned in any case."""
    client = way(by_picture, limits=QUICK, raise_on_failed=True)
    heard = {}
    ended = client.detect_many([*URLS, "data:,x", b"GIF"], on_each=heard.__setitem__)
    kinds = [Passed, Failed, RequestError, Passed, Failed, RequestError, RequestError, PictureError]
    assert [type(each) for each in ended] == kinds
    assert [heard[number] for number in range(8)] == ended
    assert [each.passed for each in ended] == [True, False, False, True, False, False, False, False]


def test_nothing_asked_nothing_told(way):
    """No pictures, no results."""
    assert way((200, PASSED)).detect_many([]) == []


def test_a_repeated_request_comes_some_way_behind_its_turn(way):
    """The pace would make all short waits the same, so a random share of it goes on top; nobody is ever too fast."""
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
    """By default the next request starts a second after the one before, and not before it is time for one that is repeated."""
    starts = []

    def answer(_):
        starts.append(client.now)
        return (429, refused("Throttling"), {"retry-after": "1"}) if len(starts) == 2 else (200, PASSED)

    client = way(answer, limits=CallLimits(at_once=1))
    assert [each.passed for each in client.detect_many(URLS[:3])] == [True] * 3
    assert starts == [0, 1, 2, 3]


def test_the_pace_holds_from_batch_to_batch_but_not_for_single_calls(way):
    """A second batch waits for its turn, after a single call as well; `detect` never does."""
    client = way((200, PASSED), limits=CallLimits(at_once=1, per_second=0.5))
    client.detect_many(URLS[:1])
    client.detect_many(URLS[:1])
    assert client.slept == [2]
    client.detect(URLS[0])
    assert client.slept == [2]
    client.detect_many(URLS[:1])
    assert client.slept == [2, 2]


def test_waiting_for_a_turn_does_not_use_up_the_deadline(way):
    """The pace is ours; the deadline is for the picture."""
    client = way((200, PASSED), limits=CallLimits(at_once=1, per_second=0.01, deadline=10))
    assert [each.passed for each in client.detect_many(URLS[:3])] == [True] * 3
    assert client.slept == [100, 100]


def test_an_error_after_all_attempts_is_returned(way):
    """With what the vendor said last."""
    (ended,) = way((429, refused("Throttling"), {"retry-after": "0"}), limits=QUICK).detect_many(URLS[:1])
    assert isinstance(ended, ThrottledError)
    assert ended.request_id == ID


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
def test_so_many_at_once(is_async):
    """As many as `at_once` are under way, never more."""
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
        ended = anyio.run(client.detect_many, URLS)
    else:
        client = EmojiDetect("sk-mock-me", transport=httpx2.MockTransport(slowly), limits=QUICK)
        ended = client.detect_many(URLS)
    assert len(ended) == 6
    assert most == 3


def test_the_thread_that_hears_may_stop_everything():
    """An exception of the caller's own is not swallowed."""

    def stop(_number, _ended):
        raise KeyError("mine")

    client = EmojiDetect(
        "sk-mock-me", transport=httpx2.MockTransport(lambda _: httpx2.Response(200, content=PASSED)), limits=QUICK
    )
    with pytest.raises(KeyError, match="mine"):
        client.detect_many(URLS, on_each=stop)


def test_a_batch_that_is_broken_off_sends_nothing_more():
    """Who sleeps until his turn, or until he may try again, wakes up and does not ask: nobody waits for it."""
    asked = []

    def answer(request):
        asked.append(request)
        return httpx2.Response(429, headers={"retry-after": "60"}, content=refused("Throttling"))

    def heard(_number, _ended):
        raise KeyboardInterrupt

    limits = CallLimits(at_once=4, per_second=0.1)
    client = EmojiDetect("sk-mock-me", transport=httpx2.MockTransport(answer), limits=limits)
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        client.detect_many(["data:,x", *URLS], on_each=heard)
    assert time.monotonic() - start < 5
    assert len(asked) <= 1


def test_a_batch_that_is_cancelled_sends_nothing_more():
    """The same of the asynchronous client; what has ended was heard."""
    asked, heard = [], []

    def answer(request):
        asked.append(request)
        return httpx2.Response(200, content=PASSED)

    async def go():
        client = AsyncEmojiDetect(
            "sk-mock-me", transport=httpx2.MockTransport(answer), limits=CallLimits(at_once=4, per_second=2)
        )
        with anyio.move_on_after(0.3):
            await client.detect_many(URLS, on_each=lambda number, _: heard.append(number))
        await anyio.sleep(0.5)

    anyio.run(go)
    assert (len(asked), len(heard)) == (1, 1)
