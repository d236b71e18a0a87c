"""The page while a shared store cannot be reached: it says so, keeps what it shows, and goes on by itself."""

import pytest
from chromium import DESKTOP, PHONE, expect
from helpers import body, call

from emoji_mock.fake.store.ports import StoreUnavailableError

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

AWAY = "the store at valkey://valkey.staging.example.com:6379/0 cannot be reached: Connection refused"


class Gone:
    """A store whose engine is gone."""

    def __getattr__(self, name):
        """Refuse every operation."""
        raise StoreUnavailableError(AWAY)


@pytest.mark.parametrize("view", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_the_page_says_that_the_store_is_gone(shown, open_page, monkeypatch, view):
    """The reason stays in sight; calls and regions stay as they were, and new calls come when the store is back."""
    shown.fake.answer(call(body("https://emoji-mock.test/failed/FacePose")))
    page = await open_page(viewport=view)
    await expect(page.locator("#money dd").first).to_have_text("0.004 CNY")
    monkeypatch.setattr(shown.fake, "store", Gone())
    problem = page.locator("#store-problem")
    await expect(problem).to_have_text(f"{AWAY}. The page shows nothing new until the store is back.")
    await page.locator("#findings-panel").scroll_into_view_if_needed()
    await expect(problem).to_be_in_viewport()
    await expect(page.locator("#connection")).to_have_text("no store; trying again")
    await expect(page.locator("#calls tr")).to_have_count(1)
    await expect(page.locator("#money dd").first).to_have_text("0.004 CNY")
    assert await page.evaluate("document.documentElement.scrollWidth") == view["width"]
    monkeypatch.undo()
    shown.fake.answer(call(body()))
    await expect(page.locator("#calls tr")).to_have_count(2)
    await expect(problem).to_be_hidden()
    await expect(page.locator("#connection")).to_have_text("live")


async def test_what_is_done_meanwhile_fails_with_the_reason(shown, open_page, monkeypatch):
    """A click that needs the store says why it had no effect."""
    page = await open_page()
    monkeypatch.setattr(shown.fake, "store", Gone())
    await page.locator("#scenario-form button").click()
    await expect(page.locator("#problem")).to_have_text(f"store: {AWAY}")


async def test_a_page_that_is_opened_meanwhile_fills_itself(shown, open_page, monkeypatch):
    """It shows the reason alone at first, and everything when the store is back."""
    page = await open_page()
    shown.fake.answer(call())
    monkeypatch.setattr(shown.fake, "store", Gone())
    await page.reload()
    await expect(page.locator("#store-problem")).to_contain_text("Connection refused")
    await expect(page.locator("#calls tr")).to_have_count(0)
    monkeypatch.undo()
    await expect(page.locator("#calls tr")).to_have_count(1)
    await expect(page.locator("#store-problem")).to_be_hidden()
