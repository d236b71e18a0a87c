"""The portrait picker that uses aiohttp; `emoji_api` needs no async plugin."""

import asyncio
from decimal import Decimal

import aiohttp
import pytest
from portrait_aiohttp import Refused, find_face, pick_portrait

ME, TURNED = "https://example.com/me.png", "https://example.com/turned.png"


def test_a_face_is_found(emoji_api):
    """A picture that passes gives its face."""
    emoji_api.passes(face=(212, 194, 460, 441))

    async def main():
        async with aiohttp.ClientSession() as session:
            return await find_face(session, ME)

    assert asyncio.run(main()) == [212, 194, 460, 441]


def test_a_turned_head_is_no_portrait(emoji_api):
    """All pictures are looked at, and both are paid for."""
    emoji_api.when(image_url=TURNED).fails("FacePose")

    assert asyncio.run(pick_portrait([TURNED, ME])) == ME

    emoji_api.assert_called(times=1, image_url=TURNED, outcome="failed")
    assert emoji_api.ledger.cost == Decimal("0.008")


def test_a_busy_service_is_asked_again(emoji_api):
    """Two refusals for haste are waited out."""
    emoji_api.errors("RateQuota", times=2)

    assert asyncio.run(pick_portrait([ME])) == ME

    emoji_api.assert_called(times=3, image_url=ME)
    assert emoji_api.ledger.images == 1


def test_an_error_is_reported(emoji_api):
    """A picture that the vendor could not fetch is an error, and free."""
    emoji_api.errors("InvalidURL")

    with pytest.raises(Refused, match="InvalidURL"):
        asyncio.run(pick_portrait([ME]))

    assert emoji_api.ledger.cost == 0
