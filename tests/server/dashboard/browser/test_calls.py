"""Calls in a real Chromium: the filters, the pause, and what a call opens."""

import pytest
from chromium import PHONE, expect
from helpers import body, call

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

FAILED = "https://emoji-mock.test/failed/FacePose"


def answered(fake):
    """Make four calls: two accounts, passed and failed; return their numbers, the newest first."""
    for url in ("https://example.com/a.png", FAILED):
        for key in ("sk-mock-one", "sk-mock-two"):
            fake.answer(call(body(url), key=key))
    return [entry.number for entry in fake.store.journal().entries][::-1]


async def test_a_row_says_what_happened_and_why(shown, open_page):
    """Account, endpoint, model, outcome, code, reason, and price; a repeated picture is wasted."""
    shown.fake.answer(call(body(FAILED), key="sk-mock-one"))
    shown.fake.answer(call(body(FAILED), key="sk-mock-one"))
    page = await open_page()
    cells = page.locator("#calls tr").first.locator("td")
    await expect(cells).to_have_count(8)
    texts = [" ".join(text.split()) for text in await cells.all_inner_texts()]
    assert texts[1:] == [
        "one",
        "face_detect emoji-detect-v1",
        "failed",
        "InvalidFile.FacePose",
        "the picture's URL says so",
        "",
        "0.004 wasted",
    ]


async def test_calls_are_filtered_by_account_outcome_and_text(shown, open_page):
    """Each filter narrows what is shown, the address keeps them, and calls that come are filtered, too."""
    numbers = answered(shown.fake)
    page = await open_page()
    rows = page.locator("#calls tr[data-number]")
    await expect(rows).to_have_count(4)
    await page.get_by_label("Account", exact=True).first.select_option("two")
    await expect(rows).to_have_count(2)
    await page.get_by_label("Outcome").select_option("failed")
    await expect(rows.locator("a")).to_have_text([str(numbers[0])])
    await page.reload()
    await expect(rows.locator("a")).to_have_text([str(numbers[0])])
    await page.get_by_label("Text in a call").fill("no such text")
    await expect(rows).to_have_count(0)
    await expect(page.locator("#calls-empty")).to_be_visible()
    await page.get_by_label("Text in a call").fill("FacePose")
    shown.fake.answer(call(body(FAILED), key="sk-mock-one"))
    shown.fake.answer(call(body(FAILED), key="sk-mock-two"))
    await expect(rows).to_have_count(2)


async def test_a_pause_holds_the_list_and_counts_what_comes(shown, open_page):
    """Calls go on while the list stands still; afterwards all are there."""
    page = await open_page()
    rows = page.locator("#calls tr[data-number]")
    shown.fake.answer(call())
    await expect(rows).to_have_count(1)
    await page.get_by_role("button", name="Pause").click()
    shown.fake.answer(call())
    await expect(page.locator("#calls-state")).to_have_text("Paused; 1 new calls since.")
    await expect(rows).to_have_count(1)
    await page.get_by_role("button", name="Continue").click()
    await expect(rows).to_have_count(2)


async def test_a_call_opens_and_makes_a_rule_by_the_keyboard_alone(shown, open_page):
    """Request, headers, answer and a curl command are there; the rule answers the same call from then on."""
    shown.fake.answer(call(key="sk-secret"))
    page = await open_page()
    link = page.locator("#calls a[data-call]")
    await expect(link).to_have_count(1)
    await link.focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator("h2")).to_contain_text("passed")
    await expect(dialog.locator("h2")).to_be_focused()
    await expect(dialog.get_by_label("Body of the request")).to_contain_text("https://example.com/me.png")
    await expect(dialog.get_by_label("Body of the answer")).to_contain_text("bbox_face")
    await expect(dialog).to_contain_text("content-type")
    await expect(dialog.locator("#call-curl")).to_contain_text(f"{shown.url}/api/v1/services/aigc/")
    await expect(dialog).not_to_contain_text("sk-secret")
    await dialog.get_by_label("Answer such calls with").select_option("InvalidFile.NoHuman")
    await dialog.get_by_role("button", name="Add this rule").press("Enter")
    await expect(dialog.locator("#call-done")).to_contain_text("is in force")
    assert b"InvalidFile.NoHuman" in shown.fake.answer(call(key="sk-secret")).body
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(link.last).to_be_focused()


async def test_pictures_and_findings_lead_to_their_calls(shown, open_page):
    """A link to a call opens it wherever it stands, and the address of an open call can be shared."""
    for _ in range(2):
        shown.fake.answer(call(key="sk-mock-one"))
    number = shown.fake.store.journal().entries[0].number
    page = await open_page(viewport=PHONE)
    await page.locator("#findings a").first.click()
    await expect(page.locator("#call-title")).to_contain_text(f"Call {number}")
    assert page.url.endswith(f"#call-{number}")
    await page.reload()
    await expect(page.locator("#call-title")).to_contain_text(f"Call {number}")
    await page.get_by_role("button", name="Close").click()
    await page.locator("#gallery a").first.click()
    await expect(page.locator("#call-title")).to_contain_text(f"Call {number + 1}")


async def test_calls_that_were_left_out_are_shown_on_demand(shown, open_page):
    """Of a full journal the page shows the latest; the others are a hundred at a time away."""
    for number in range(250):
        shown.fake.answer(call(body(f"https://example.com/{number}.png")))
    page = await open_page()
    rows, gap = page.locator("#calls tr[data-number]"), page.locator("#calls tr.gap")
    for there, left in ((100, 150), (200, 50)):
        await expect(rows).to_have_count(there)
        await expect(gap).to_contain_text(f"{left} earlier calls not shown")
        await gap.get_by_role("button").click()
    await expect(rows).to_have_count(250)
    await expect(gap).to_have_count(0)


async def test_a_reset_empties_the_list(shown, open_page):
    """Rows of calls that are gone do not stay."""
    page = await open_page()
    shown.fake.answer(call())
    await expect(page.locator("#calls tr")).to_have_count(1)
    shown.fake.reset()
    await expect(page.locator("#calls tr")).to_have_count(0)
    await expect(page.locator("#calls-empty")).to_be_visible()


async def test_the_address_of_a_call_that_is_gone_is_a_problem(shown, open_page):
    """The page says so, and goes on saying it when its stream opens."""
    page = await open_page()
    await page.goto(f"{shown.url}/?gone#call-999999")
    await expect(page.locator("#connection")).to_have_text("live")
    await expect(page.get_by_role("alert")).to_have_text("the journal does not hold call 999999 any longer")
