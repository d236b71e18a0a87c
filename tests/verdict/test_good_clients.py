"""Tests that correct clients have no findings, under any network conditions and for any seed."""

from contextlib import suppress
from functools import partial
from random import Random

import httpx
import pytest
import tenacity
from verdict_helpers import BUSY, PASSED, StillClock, entry

import emoji_mock
from emoji_mock.client import CallLimits, EmojiDetect, EmojiError, Timing
from emoji_mock.fake.network.faults import FaultKind
from emoji_mock.verdict.verdict import judge

URL = "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect"
HEADERS = {"authorization": "Bearer sk-mock-good"}
CONDITIONS = (
    [("errors", {"code": "RateQuota", "times": 3})],
    [("errors", {"code": "ModelUnavailable", "times": 2}), ("faults", {"kind": "reset", "times": 1})],
    [("errors", {"code": "InternalError"})],
    [("fails", {"code": "FacePose"})],
    [("errors", {"code": "Arrearage"})],
    [("slow", {"latency": 90.0, "times": 1})],
    *([("faults", {"kind": kind, "times": 2})] for kind in FaultKind),
)


def own_client(api, random, http):
    """Return the project's own client, with the fake's clock."""
    timing = Timing(clock=api.clock, now=api.clock, sleep=api.clock.advance, random=random)
    client = EmojiDetect("sk-mock-good", client=http, timing=timing)

    def detect(url):
        with suppress(EmojiError):
            client.detect(url)

    return detect


def own_client_in_a_batch(api, random, http):
    """Return the same client, paced at one request a second."""
    timing = Timing(clock=api.clock, now=api.clock, sleep=api.clock.advance, random=random)
    client = EmojiDetect("sk-mock-good", client=http, limits=CallLimits(at_once=1), timing=timing)
    return lambda url: client.detect_many([url])


def ask(http, url):
    """Send one request. Raises an exception if it may be retried."""
    body = {"model": "emoji-detect-v1", "input": {"image_url": url}, "parameters": {"ratio": "1:1"}}
    answer = http.post(URL, json=body, headers=HEADERS)
    if answer.status_code in (429, 500, 502, 503, 504):
        answer.raise_for_status()


def with_tenacity(wait, attempts):
    """Return a client that retries with tenacity."""

    def make(api, random, http):
        retrying = tenacity.Retrying(
            wait=lambda state: wait(random, state.attempt_number),
            stop=tenacity.stop_after_attempt(attempts),
            retry=tenacity.retry_if_exception_type(httpx.HTTPError),
            sleep=api.clock.advance,
        )

        def detect(url):
            with suppress(tenacity.RetryError):
                retrying(partial(ask, http, url))

        return detect

    return make


CLIENTS = {
    "own client": own_client,
    "own client, in a batch": own_client_in_a_batch,
    "full jitter, as tenacity's wait_random_exponential": with_tenacity(
        lambda random, attempt: random.uniform(0, min(60, 2 ** (attempt - 1))), 6
    ),
    "jitter on top, as stamina's": with_tenacity(
        lambda random, attempt: min(5, 0.1 * 2 ** (attempt - 1) + random.uniform(0, 1)), 10
    ),
    "exponential": with_tenacity(lambda _, attempt: min(8, 0.5 * 2 ** (attempt - 1)), 6),
    "equal jitter": with_tenacity(lambda random, attempt: 2 ** (attempt - 2) * (1 + random.random()), 4),
}


@pytest.mark.slow
@pytest.mark.parametrize("make", CLIENTS.values(), ids=CLIENTS.keys())
def test_no_good_client_has_findings(make):
    """Under no network conditions, for no seed, with several pictures in turn."""
    http = httpx.Client(timeout=20)
    for seed in range(4):
        for conditions in CONDITIONS:
            with emoji_mock.intercept(emoji_mock.Fake(clock=StillClock())) as api:
                for method, given in reversed(conditions):
                    getattr(api, method)(**given)
                detect = make(api, Random(seed), http)
                for picture in range(2):
                    detect(f"https://example.com/{picture}.png")
                api.assert_resilient(strict=True)


@pytest.mark.slow
def test_full_jitter_rarely_looks_like_no_backoff():
    """Of 10,000 callers with full jitter from half a second on, fewer than one in 3,000 has a finding."""
    random, accused, callers = Random(7), 0, 10_000
    for caller in range(callers):
        times = [0.0]
        for attempt in range(2 + caller % 4):
            times.append(times[-1] + random.uniform(0, min(8, 0.5 * 2**attempt)))
        entries = [entry(number, at, **BUSY) for number, at in enumerate(times)]
        entries[-1] = entry(len(times), times[-1], **PASSED)
        accused += bool(judge(entries))
    assert accused < callers / 3000
