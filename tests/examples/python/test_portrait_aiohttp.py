"""The portrait picker that uses aiohttp; `emoji_api` needs no async plugin."""

import asyncio
from decimal import Decimal

import pytest
from portrait_aiohttp import ServiceError, pick_portrait

ME, TURNED = "https://example.com/me.png", "https://example.com/turned.png"


def test_a_turned_head_is_no_portrait(emoji_api):
    """All pictures are looked at, and both are paid for."""
    emoji_api.when(image_url=TURNED).fails("FacePose")

    assert asyncio.run(pick_portrait([TURNED, ME])) == ME

    emoji_api.assert_called(times=1, image_url=TURNED, outcome="failed")
    assert emoji_api.ledger.cost == Decimal("0.008")


@pytest.mark.usefixtures("no_real_waits")
def test_a_busy_service_is_asked_again(emoji_api):
    """Three refusals for haste are waited out."""
    emoji_api.errors("RateQuota", times=3)

    assert asyncio.run(pick_portrait([ME])) == ME

    emoji_api.assert_called(times=4, image_url=ME)
    assert emoji_api.ledger.images == 1
    emoji_api.assert_resilient(strict=True)


@pytest.mark.usefixtures("no_real_waits")
@pytest.mark.parametrize("fault", ["refused", "bad_gateway"])
def test_what_is_free_is_repeated(emoji_api, fault):
    """A refused connection and the page of a gateway are repeated."""
    emoji_api.faults(fault, times=2)

    assert asyncio.run(pick_portrait([ME])) == ME

    emoji_api.assert_resilient(strict=True)


@pytest.mark.usefixtures("no_real_waits")
def test_patience_ends(emoji_api):
    """A service that stays down is an error, with the status where there is no code."""
    emoji_api.faults("gateway_timeout")

    with pytest.raises(ServiceError, match="HTTP 504"):
        asyncio.run(pick_portrait([ME]))

    emoji_api.assert_called(times=4)


def test_an_error_is_reported(emoji_api):
    """A picture that the vendor could not fetch is an error, and free."""
    emoji_api.errors("InvalidURL")

    with pytest.raises(ServiceError, match="InvalidURL"):
        asyncio.run(pick_portrait([ME]))

    assert emoji_api.ledger.cost == 0
