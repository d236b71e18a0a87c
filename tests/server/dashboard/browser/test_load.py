"""Many calls: ten thousand in the journal, and a thousand a second while the page is open."""

from threading import Event, Thread

import pytest
from chromium import expect
from helpers import body, call

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

CALL = call()
BATCH, PAUSE = 10, 0.01  # a thousand a second


async def test_ten_thousand_calls_are_sampled_and_found(shown, open_page):
    """The page shows the newest, says how many it leaves out, shows more when asked, and finds the one that is looked for."""
    shown.fake.answer(call(body("https://example.com/needle.png")))
    for _ in range(9_999):
        shown.fake.answer(CALL)
    page = await open_page()
    rows = page.locator("#calls tr[data-number]")
    gap = page.locator("#calls tr.gap")
    await expect(gap).to_have_count(1)
    before = await rows.count()
    await expect(gap).to_contain_text(f"{10_000 - before:,} earlier calls not shown")
    await gap.get_by_role("button").click()
    await expect(rows).to_have_count(before + 100)
    await page.get_by_label("Text in a call").fill("needle")
    await expect(rows).to_have_count(1)
    await expect(page.locator("#money dl.figures dd").first).to_have_text("40.000 CNY")


async def test_a_thousand_calls_a_second_leave_the_page_usable(shown, open_page):
    """While they come, new calls appear, a filter and a call open, and the page keeps a bounded number of rows."""
    ended = Event()

    def load():
        while not ended.wait(PAUSE):
            for _ in range(BATCH):
                shown.fake.answer(CALL)

    page = await open_page()
    thread = Thread(target=load)
    thread.start()
    try:
        rows = page.locator("#calls tr[data-number]")
        await expect(page.locator("#calls tr.gap").first).to_contain_text("not shown")
        for _ in range(3):
            first = await rows.first.get_attribute("data-number")
            await expect(rows.first).not_to_have_attribute("data-number", first)
        await page.get_by_role("button", name="Pause").click()
        await rows.first.locator("a").click()
        await expect(page.locator("#call-title")).to_contain_text("passed")
        await page.keyboard.press("Escape")
        await page.get_by_label("Outcome").select_option("failed")
        await expect(page.locator("#calls-empty")).to_be_visible()
        await page.get_by_label("Outcome").select_option("")
        await expect(rows.first).to_be_visible()
    finally:
        ended.set()
        thread.join()
    assert await page.locator("#calls tr").count() <= 400 + 80
