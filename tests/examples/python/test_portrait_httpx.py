"""The portrait picker that uses httpx."""

from decimal import Decimal

import httpx
import pytest
from portrait_httpx import ServiceError, find_face, open_client, pick_portrait

ME, TURNED = "https://example.com/me.png", "https://example.com/turned.png"


def test_a_face_is_found(emoji_api):
    """A picture that passes gives its face."""
    emoji_api.passes(face=(212, 194, 460, 441))

    with open_client() as client:
        assert find_face(client, ME) == (212, 194, 460, 441)

    emoji_api.assert_called(times=1, image_url="*/me.png", outcome="passed")


def test_a_turned_head_is_no_portrait(emoji_api):
    """A picture that fails is passed over, and is paid for all the same."""
    emoji_api.when(image_url="*/turned.png").fails("FacePose")

    assert pick_portrait([TURNED, ME]) == ME

    emoji_api.assert_called(times=1, code="FacePose")
    assert emoji_api.ledger.images == 2
    assert emoji_api.ledger.cost == Decimal("0.008")


@pytest.mark.usefixtures("no_real_waits")
def test_a_busy_service_is_asked_again(emoji_api):
    """Three refusals for haste are waited out; only the answer costs."""
    emoji_api.errors("RateQuota", times=3)

    assert pick_portrait([ME]) == ME

    assert [call.status for call in emoji_api.calls] == [429, 429, 429, 200]
    assert emoji_api.ledger.cost == Decimal("0.004")
    emoji_api.assert_resilient(strict=True)


@pytest.mark.usefixtures("no_real_waits")
@pytest.mark.parametrize("fault", ["refused", "bad_gateway"])
def test_what_is_free_is_repeated(emoji_api, fault):
    """A refused connection and the page of a gateway are repeated."""
    emoji_api.faults(fault, times=2)

    assert pick_portrait([ME]) == ME

    emoji_api.assert_resilient(strict=True)


@pytest.mark.usefixtures("no_real_waits")
def test_what_may_have_been_billed_is_not(emoji_api):
    """After a timeout it is unknown whether the call was billed, so it is reported."""
    emoji_api.faults("stall")

    with pytest.raises(httpx.ReadTimeout):
        pick_portrait([ME])

    emoji_api.assert_called(times=1)
    emoji_api.assert_resilient(strict=True)


@pytest.mark.usefixtures("no_real_waits")
def test_patience_ends(emoji_api):
    """A service that stays busy is an error after the fourth call."""
    emoji_api.errors("RateQuota")

    with pytest.raises(ServiceError, match=r"Throttling\.RateQuota"):
        pick_portrait([ME])

    emoji_api.assert_called(times=4)


def test_other_errors_are_not_repeated(emoji_api):
    """An unpaid account is reported at once, and nothing is billed."""
    emoji_api.errors("Arrearage")

    with pytest.raises(ServiceError, match="Arrearage"):
        pick_portrait([ME])

    emoji_api.assert_called(times=1)
    assert emoji_api.ledger.cost == 0


def test_no_pictures_no_calls(emoji_api):
    """Without portraits to choose from, no call is made."""
    assert pick_portrait([]) is None
    emoji_api.assert_not_called()
