"""The portrait picker that uses httpx."""

from decimal import Decimal

import httpx
import pytest
from portrait_httpx import ServiceError, find_face, pick_portrait


def test_a_face_is_found(emoji_api):
    """A picture that passes gives its face."""
    emoji_api.passes(face=(212, 194, 460, 441))

    with httpx.Client() as client:
        assert find_face(client, "https://example.com/me.png") == (212, 194, 460, 441)

    emoji_api.assert_called(times=1, image_url="*/me.png", outcome="passed")


def test_a_turned_head_is_no_portrait(emoji_api):
    """A picture that fails is passed over, and is paid for all the same."""
    emoji_api.when(image_url="*/turned.png").fails("FacePose")

    assert (
        pick_portrait(["https://example.com/turned.png", "https://example.com/me.png"]) == "https://example.com/me.png"
    )

    emoji_api.assert_called(times=1, code="FacePose")
    assert emoji_api.ledger.images == 2
    assert emoji_api.ledger.cost == Decimal("0.008")


def test_a_busy_service_is_asked_again(emoji_api):
    """Two refusals for haste are waited out; only the answer costs."""
    emoji_api.errors("RateQuota", times=2)

    assert pick_portrait(["https://example.com/me.png"]) == "https://example.com/me.png"

    assert [call.status for call in emoji_api.calls] == [429, 429, 200]
    assert emoji_api.ledger.cost == Decimal("0.004")


def test_patience_ends(emoji_api):
    """A service that stays busy is an error after the third call."""
    emoji_api.errors("RateQuota")

    with pytest.raises(ServiceError, match=r"Throttling\.RateQuota"):
        pick_portrait(["https://example.com/me.png"])

    emoji_api.assert_called(times=3)


def test_other_errors_are_not_repeated(emoji_api):
    """An unpaid account is reported at once, and nothing is billed."""
    emoji_api.errors("Arrearage")

    with pytest.raises(ServiceError, match="your account is in good standing"):
        pick_portrait(["https://example.com/me.png"])

    emoji_api.assert_called(times=1)
    assert emoji_api.ledger.cost == 0


def test_no_pictures_no_calls(emoji_api):
    """Without portraits to choose from, no call is made."""
    assert pick_portrait([]) is None
    emoji_api.assert_not_called()
