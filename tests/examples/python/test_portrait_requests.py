"""The portrait picker that uses requests."""

from decimal import Decimal

import pytest
from portrait_requests import ask, open_session, pick_portrait

ME, BLURRED, FAR = (f"https://example.com/{name}.png" for name in ("me", "blurred", "far"))


def test_the_three_outcomes_are_distinguished(emoji_api):
    """Passed has a face, failed and error have a code; an error alone is free."""
    with open_session() as session:
        emoji_api.passes(face=(212, 194, 460, 441), times=1)
        assert ask(session, ME) == ("passed", (212, 194, 460, 441))

        emoji_api.fails("FacePose", times=1)
        assert ask(session, BLURRED) == ("failed", "InvalidFile.FacePose")
        assert emoji_api.calls[-1].billed

        emoji_api.errors("Arrearage", times=1)
        assert ask(session, FAR) == ("error", "Arrearage")
        assert not emoji_api.calls[-1].billed

    assert emoji_api.ledger.images == 2
    assert emoji_api.ledger.cost == Decimal("0.008")


def test_the_largest_face_wins(emoji_api):
    """Of the pictures that pass, the one with the largest face is picked."""
    emoji_api.when(image_url="*/far.png").passes(face=(344, 180, 515, 351))
    emoji_api.when(image_url="*/me.png").passes(face=(212, 194, 460, 441))
    emoji_api.when(image_url="*/blurred.png").fails("Value")

    assert pick_portrait([FAR, BLURRED, ME]) == ME

    emoji_api.assert_called(times=3)


@pytest.mark.usefixtures("no_real_waits")
@pytest.mark.parametrize("code", ["RateQuota", "InternalError", "ModelUnavailable"])
def test_a_busy_service_is_asked_again(emoji_api, code):
    """The retries of urllib3 meet the fake as they would meet the vendor."""
    emoji_api.errors(code, times=3)

    assert pick_portrait([ME]) == ME

    emoji_api.assert_called(times=3, code=code)
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
def test_a_service_that_stays_busy_is_an_error(emoji_api):
    """After the fourth refusal the vendor's code is in the error."""
    emoji_api.errors("RateQuota", times=4)

    with pytest.raises(RuntimeError, match=r"Throttling\.RateQuota"):
        pick_portrait([ME])

    assert emoji_api.ledger.cost == 0
