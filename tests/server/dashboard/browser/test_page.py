"""The page as a whole: what comes live, without a network, by keyboard, on a phone, in the dark."""

import pytest
from chromium import PHONE, expect
from helpers import body, call

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


async def test_a_call_appears_without_a_reload(shown, open_page):
    """A call that is made while the page is open gets a row, the newest first."""
    page = await open_page()
    await expect(page.locator("#calls tr")).to_have_count(0)
    shown.fake.answer(call(body("https://emoji-mock.test/failed/FacePose")))
    await expect(page.locator("#calls tr")).to_have_count(1)
    shown.fake.answer(call(body()))
    await expect(page.locator("#calls tr .outcome")).to_have_text(["passed", "failed"])


async def test_the_page_leads_to_the_manual(open_page):
    """The manual is one click away."""
    page = await open_page()
    await page.get_by_role("link", name="Manual").click()
    await page.wait_for_url("**/docs")


async def test_the_page_says_that_the_server_is_gone_and_comes_back(open_page):
    """While the stream is broken the page says so, and it is live again by itself."""
    page = await open_page()
    await page.route("**/events", lambda route: route.abort())
    await page.reload()
    await expect(page.locator("#connection")).to_have_text("connection lost; trying again")
    await page.unroute("**/events")
    await expect(page.locator("#connection")).to_have_text("live")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_phone_shows_everything_without_scrolling_sideways(shown, open_page, scheme):
    """On a screen of 390 pixels nothing is wider than the screen, however long texts are."""
    shown.fake.answer(call(body(f"https://example.com/{'a' * 500}.png"), key="sk-" + "k" * 100))
    shown.fake.answer(call(body("https://emoji-mock.test/failed/FacePose")))
    page = await open_page(viewport=PHONE, color_scheme=scheme, is_mobile=True, has_touch=True)
    await expect(page.locator("#calls tr")).to_have_count(2)
    assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


async def test_the_keyboard_alone_reaches_the_calls(open_page):
    """The first press of Tab gives a link that skips to the calls; the focus can be seen."""
    page = await open_page()
    await page.keyboard.press("Tab")
    focused = page.locator(":focus")
    await expect(focused).to_have_text("Skip to the calls")
    assert await focused.evaluate("element => element.getBoundingClientRect().x") >= 0
    assert await focused.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    await page.keyboard.press("Enter")
    assert page.url.endswith("#calls-panel")
