"""Limits on the bill of a test, and the message when it is exceeded."""

from decimal import Decimal

import httpx
import pytest
from helpers import BODY, VIDEO, VIDEO_INPUT, masked

import emoji_mock

VENDOR = "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect"


def detect(name="me"):
    """Ask the vendor about a picture."""
    sent = {**BODY, "input": {"image_url": f"https://example.com/{name}.png"}}
    return httpx.post(VENDOR, json=sent, headers={"authorization": "Bearer sk-mock-test", "user-agent": "app/1"})


@pytest.fixture
def emoji_api():
    """A fake without pytest's plugin."""
    with emoji_mock.intercept() as steered:
        yield steered


@pytest.mark.parametrize(
    ("cap", "fits"),
    [
        ({"images": 2}, True),
        ({"images": 1}, False),
        ({"cost": "0.008"}, True),
        ({"cost": Decimal("0.0079")}, False),
        ({"images": 5, "cost": "0"}, False),
        ({"images": 1, "cost": "1"}, False),
    ],
    ids=str,
)
def test_a_limit_in_images_or_in_money(emoji_api, cap, fits):
    """Passed and failed count, errors do not; of two limits the lower applies."""
    emoji_api.errors("RateQuota", times=2)
    emoji_api.when("*/you.png").fails("FacePose")
    for name in ("me", "me", "me", "you"):
        detect(name)
    if fits:
        emoji_api.assert_cost_at_most(**cap)
    else:
        with pytest.raises(AssertionError, match="but it was 2 images"):
            emoji_api.assert_cost_at_most(**cap)


@pytest.mark.parametrize(
    ("cap", "kind", "said"),
    [
        ({}, TypeError, "no limit is given; write images=3, or cost='0.012' in CNY"),
        ({"images": -1}, ValueError, "images: must be a whole number from 0 on, not -1"),
        ({"images": 1.5}, ValueError, "images: must be a whole number from 0 on, not 1.5"),
        ({"cost": "much"}, ValueError, "cost: must be an amount in CNY such as '0.012', not 'much'"),
    ],
    ids=str,
)
def test_an_invalid_limit_is_refused(emoji_api, cap, kind, said):
    """The message says what is valid."""
    with pytest.raises(kind) as error:
        emoji_api.assert_cost_at_most(**cap)
    assert str(error.value) == said


def test_billed_calls_are_listed(emoji_api):
    """With a note on each that was wasted, and then the likely cause."""
    emoji_api.errors("InternalError", times=1)
    detect()
    emoji_api.when("*/me.png").fails("FacePose")
    for name in ("me", "you", "me"):
        detect(name)
    with pytest.raises(AssertionError) as failure:
        emoji_api.assert_cost_at_most(images=1)
    assert masked(str(failure.value)) == (
        "expected at most 1 image to be billed (0.004 CNY), but it was 3 images (0.012 CNY).\n"
        "\n"
        "Billed:\n"
        "  #2  200 failed InvalidFile.FacePose  https://example.com/me.png  (app/1, request_id ID)\n"
        "  #3  200 passed  https://example.com/you.png  (app/1, request_id ID)\n"
        "  #4  200 failed InvalidFile.FacePose  https://example.com/me.png  (app/1, request_id ID)\n"
        "      wasted: #2 was answered for this picture (failed), and billed\n"
        "\n"
        "Not billed: 1 call.\n"
        "\n"
        "Likely cause: the code under test repeats calls that were answered already, which wasted 1 image (0.004 CNY); the"
        " answer will be the same. A failed detection is an answer as well (HTTP 200, billed)."
    )


def test_lost_answers_are_listed(emoji_api):
    """An answer that was billed and lost is marked, and named as the cause."""
    emoji_api.faults("truncated_body", times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        detect()
    detect()
    with pytest.raises(AssertionError) as failure:
        emoji_api.assert_cost_at_most(images=1)
    assert "\n      lost: billed, but the network lost the answer\n" in str(failure.value)
    assert str(failure.value).endswith(
        "Likely cause: the network lost the answer of 1 image that had been billed; asking again costs again."
    )


def test_a_limit_in_images_counts_no_videos(emoji_api):
    """They are named beside it, with their cost; a refused task is not counted."""
    sent = {"model": "emoji-v1", "input": VIDEO_INPUT}
    head = {"authorization": "Bearer sk-mock-test", "x-dashscope-async": "enable"}
    emoji_api.when(endpoint="video_synthesis").errors("InternalError", times=1)
    for _ in range(3):
        httpx.post(f"https://dashscope.aliyuncs.com{VIDEO}", json=sent, headers=head)
    detect()
    assert (emoji_api.ledger.videos, emoji_api.ledger.images) == (2, 1)
    with pytest.raises(AssertionError) as failure:
        emoji_api.assert_cost_at_most(images=0)
    assert "\nNot billed: 1 call.\nNot in the limit: 2 videos of 2 s (0.16 CNY).\n" in str(failure.value)


def test_a_limit_in_money_counts_videos(emoji_api):
    """Those that succeed; the message lists them, with their length and the price of a second."""
    head = {"authorization": "Bearer sk-mock-test", "x-dashscope-async": "enable", "user-agent": "app/1"}
    audio = {"image_url": "https://example.com/me.png", "audio_url": "https://example.com/me.wav"}
    sent = {"model": "wan2.2-s2v", "input": audio, "parameters": {"resolution": "720P"}}
    httpx.post(f"https://dashscope.aliyuncs.com{VIDEO}", json=sent, headers=head)
    detect()
    seconds = emoji_api.ledger.seconds
    cost = seconds * Decimal("0.9") + Decimal("0.004")
    emoji_api.assert_cost_at_most(cost=cost, images=1)
    with pytest.raises(AssertionError) as failure:
        emoji_api.assert_cost_at_most(cost="0.1")
    assert masked(str(failure.value)) == (
        f"expected at most 0.1 CNY to be billed, but it was {cost} CNY: 1 image (0.004 CNY), and 1 video of {seconds} s"
        f" ({cost - Decimal('0.004')} CNY).\n"
        "\n"
        "Billed:\n"
        "  #1  200 done  wan2.2-s2v  https://example.com/me.png  (app/1, request_id ID)\n"
        f"      video: {seconds} s at 0.9 CNY, billed when it succeeds\n"
        "  #2  200 passed  https://example.com/me.png  (app/1, request_id ID)\n"
        "\n"
        "Likely cause: the videos alone cost more than the test expects."
    )


def test_a_long_bill_is_cut(emoji_api):
    """Only the last calls are listed, the earlier ones are counted."""
    for number in range(23):
        detect(number)
    with pytest.raises(AssertionError) as failure:
        emoji_api.assert_cost_at_most(cost="0.01")
    assert "expected at most 2 images to be billed (0.008 CNY), but it was 23 images (0.092 CNY).\n" in str(
        failure.value
    )
    assert "\nBilled:\n  … 3 earlier ones\n  #4  200 passed" in str(failure.value)
    assert str(failure.value).endswith("Likely cause: the code under test sends more images than the test expects.")


def test_limits_while_a_test_runs(emoji_api):
    """A limit applies at once, others stay, None lifts one; a mistake is an error."""
    emoji_api.clock.freeze()
    emoji_api.limit(rps=1)
    emoji_api.limit(images=2, retry_after=True)
    assert [detect().status_code for _ in range(2)] == [200, 429]
    emoji_api.clock.advance(1)
    assert [detect().status_code for _ in range(2)] == [200, 403]
    emoji_api.limit(images=None)
    assert detect().headers["retry-after"] == "1"
    with pytest.raises(TypeError, match=r"^unknown limit 'rpz'; did you mean rps\? Choose from rps, "):
        emoji_api.limit(rpz=1)
    with pytest.raises(ValueError, match=r"^burst: must be a whole number from 1 on, not 0$"):
        emoji_api.limit(burst=0)
    with pytest.raises(AssertionError, match=r"Limits of every account: rps=1, retry_after=True\."):
        emoji_api.assert_called(times=9)


def test_a_reset_lifts_limits(emoji_api):
    """It restores the options that the fake was made with."""
    emoji_api.limit(images=0)
    assert detect().status_code == 403
    emoji_api.reset()
    assert detect().status_code == 200


def test_concurrency_ends_on_a_frozen_clock(emoji_api):
    """Calls one after the other are never concurrent; time advances on the fake's clock."""
    emoji_api.clock.freeze()
    emoji_api.limit(concurrency=1)
    emoji_api.slow(2.5)
    before = emoji_api.clock()
    assert [detect().status_code for _ in range(3)] == [200] * 3
    assert emoji_api.clock() - before == 7.5
