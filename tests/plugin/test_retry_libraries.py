"""Retries by tenacity and stamina on a frozen clock: what docs/recipes/retries.md says of their waits holds."""

import asyncio
import os
import random
import time

import httpx
import pytest

tenacity = pytest.importorskip("tenacity", reason="needs tenacity, of the extra client")
stamina = pytest.importorskip("stamina", reason="needs stamina, of the extra docs")

URL = "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect"
BODY = {
    "model": "emoji-detect-v1",
    "input": {"image_url": "https://example.com/me.png"},
    "parameters": {"ratio": "1:1"},
}


def headers():
    return {"Authorization": f"Bearer {os.environ['DASHSCOPE_API_KEY']}"}


@pytest.fixture
def detect():
    """A function that makes one call by a client that is open already, and raises on an error."""
    with httpx.Client() as client:
        yield lambda: client.post(URL, json=BODY, headers=headers()).raise_for_status()


async def detect_async():
    async with httpx.AsyncClient() as client:
        (await client.post(URL, json=BODY, headers=headers())).raise_for_status()


def by_tenacity(call, **options):
    options = {"stop": tenacity.stop_after_attempt(4)} | options
    wait = options.pop("wait", tenacity.wait_random_exponential(multiplier=0.5, max=8))
    return tenacity.retry(wait=wait, reraise=True, **options)(call)


def by_stamina(call, **options):
    return stamina.retry(on=httpx.HTTPStatusError, **{"attempts": 4} | options)(call)


LIBRARIES = pytest.mark.parametrize("retrying", [by_tenacity, by_stamina])


@pytest.fixture(autouse=True)
def clock(emoji_api, monkeypatch):
    """The fake's clock, frozen, which the waits of both libraries advance."""
    random.seed(7)  # both draw their waits from it, and waits at random look like none once in 10,000 times
    emoji_api.clock.freeze()
    monkeypatch.setattr(time, "sleep", emoji_api.clock.sleep)
    monkeypatch.setattr(asyncio, "sleep", emoji_api.clock.sleep)
    return emoji_api.clock


@LIBRARIES
def test_growing_waits_are_resilient(emoji_api, clock, detect, retrying):
    """Waits between attempts advance the clock alone, and the verdict sees them."""
    emoji_api.errors("RateQuota", times=3)
    began = clock()
    retrying(detect)()
    assert clock() - began > 0.1
    emoji_api.assert_called(times=4)
    emoji_api.assert_resilient(strict=True)


@LIBRARIES
def test_growing_waits_of_coroutines_are_resilient(emoji_api, clock, retrying):
    """The same holds where `asyncio.sleep` is replaced."""
    emoji_api.errors("RateQuota", times=3)
    began = clock()
    asyncio.run(retrying(detect_async)())
    assert clock() - began > 0.1
    emoji_api.assert_resilient(strict=True)


@LIBRARIES
def test_a_limit_of_time_ends_retries(emoji_api, clock, monkeypatch, detect, retrying):
    """Limits of time follow the clock where `time.monotonic` is replaced by it."""
    monkeypatch.setattr(time, "monotonic", clock)
    emoji_api.errors("RateQuota")
    limits = {by_tenacity: {"stop": tenacity.stop_after_delay(20)}, by_stamina: {"attempts": None, "timeout": 20}}
    began = clock()
    with pytest.raises(httpx.HTTPStatusError):
        retrying(detect, **limits[retrying])()
    assert 12 <= clock() - began <= 30
    emoji_api.assert_resilient()


def test_equal_waits_are_found(emoji_api, detect):
    """A wait that never grows is risky."""
    emoji_api.errors("RateQuota", times=3)
    by_tenacity(detect, wait=tenacity.wait_fixed(2))()
    assert [finding.name for finding in emoji_api.verdict] == ["constant-backoff"]


def test_no_waits_are_found(emoji_api, detect):
    """Tenacity waits for nothing unless it is told to, which is risky."""
    emoji_api.errors("RateQuota", times=5)
    by_tenacity(detect, wait=tenacity.wait_none(), stop=tenacity.stop_after_attempt(6))()
    assert [finding.name for finding in emoji_api.verdict] == ["no-backoff"]


def test_the_testing_mode_of_stamina_has_no_waits(emoji_api, detect):
    """`stamina.set_testing` removes the waits, so a verdict on them needs it switched off."""
    emoji_api.errors("RateQuota", times=5)
    with stamina.set_testing(testing=True, attempts=6):
        by_stamina(detect)()
    assert [finding.name for finding in emoji_api.verdict] == ["no-backoff"]
