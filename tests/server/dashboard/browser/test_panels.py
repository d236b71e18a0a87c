"""Money, limits, rules, time and findings in a real Chromium: what is clicked takes effect on the next call."""

import pytest
from chromium import expect
from helpers import body, call

from emoji_mock import Rule

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


async def opened(page, summary):
    """Open the details with this summary."""
    await page.locator("summary", has_text=summary).click()


async def test_a_rule_is_added_counted_ordered_and_removed(shown, open_page):
    """The form adds one; the arrows say which is tried first; the count rises with each use."""
    page = await open_page()
    rules = page.locator("#rules li")
    await opened(page, "Add a rule")
    form = page.locator("#rule-form")
    for code, times in (("InvalidFile.NoHuman", "2"), ("InvalidFile.FacePose", "")):
        await form.get_by_label("Answer").select_option(code)
        await form.get_by_label("Times").fill(times)
        await form.get_by_role("button", name="Add").click()
    await expect(rules).to_have_count(2)
    newest, oldest = [one.id for one in shown.fake.store.rules()]
    await page.get_by_role("button", name=f"Try rule {oldest} earlier").click()
    await expect(rules.first.locator("strong")).to_have_text("failed, InvalidFile.NoHuman")
    assert [one.id for one in shown.fake.store.rules()] == [oldest, newest]
    assert b"InvalidFile.NoHuman" in shown.fake.answer(call()).body
    await expect(rules.first).to_contain_text("used 1 of 2 times")
    await page.get_by_role("button", name=f"Remove rule {oldest}").click()
    await expect(rules).to_have_count(1)
    assert b"InvalidFile.FacePose" in shown.fake.answer(call()).body
    await expect(rules).to_contain_text("used 1 times")


async def test_what_cannot_be_a_rule_is_refused_in_words(shown, open_page):
    """The control API's own problem is shown, and the form keeps what was typed."""
    page = await open_page()
    await opened(page, "Add a rule")
    form = page.locator("#rule-form")
    await form.get_by_label("Answer").select_option(label="late only")
    await form.get_by_label("Account").fill("team")
    await form.get_by_role("button", name="Add").click()
    await expect(page.get_by_role("alert")).to_contain_text("a rule must have an outcome, a fault or a latency")
    await expect(form.get_by_label("Account")).to_have_value("team")
    assert list(shown.fake.store.rules()) == []


async def test_limits_are_set_and_show_what_is_left(shown, open_page):
    """A limit of two images leaves one after the first call, and none after the second."""
    page = await open_page()
    await opened(page, "Set limits")
    form = page.locator("#limits-form")
    await form.get_by_label("Free images").fill("2")
    await form.get_by_role("button", name="Set").click()
    shown.fake.answer(call(key="sk-mock-team"))
    left = page.locator("#limits tbody tr").filter(has_text="team")
    await expect(left.locator("td.number").first).to_have_text("1")
    shown.fake.answer(call(key="sk-mock-team"))
    await expect(left).to_contain_text("used up")


async def test_the_clock_is_frozen_advanced_and_set_free(shown, open_page):
    """A frozen clock moves by what the page says, and no further."""
    page = await open_page()
    await page.get_by_role("button", name="Freeze").click()
    await expect(page.locator("#time .badge")).to_have_text("frozen")
    frozen = shown.fake.clock()
    await page.get_by_role("button", name="Advance by 1 hour").click()
    await page.get_by_label("Advance by, in seconds").fill("30")
    await page.get_by_role("button", name="Advance", exact=True).click()
    await expect(page.get_by_label("Advance by, in seconds")).to_have_value("")
    assert shown.fake.clock() == frozen + 3630
    await page.get_by_role("button", name="Real time").click()
    await expect(page.locator("#time .badge")).to_have_count(0)
    assert not shown.fake.clock.frozen


async def test_a_scenario_is_played_and_a_reset_ends_it(shown, open_page):
    """The scenario's name and rules are shown; a reset forgets calls and rules."""
    page = await open_page()
    shown.fake.answer(call())
    await page.locator("#scenario-form select").select_option("flaky-monday")
    await page.get_by_role("button", name="Play").click()
    await expect(page.locator("#time")).to_contain_text("The scenario is flaky-monday.")
    await expect(page.locator("#rules li").first).to_be_visible()
    await opened(page, "Reset")
    await page.get_by_role("button", name="Reset now").click()
    await expect(page.locator("#rules li")).to_have_count(0)
    await expect(page.locator("#calls tr")).to_have_count(0)
    assert shown.fake.store.journal().entries == []


async def test_money_and_findings_come_with_the_calls(shown, open_page):
    """A picture that is paid twice is billed twice, half of it wasted, and found with the calls that show it."""
    page = await open_page()
    for _ in range(2):
        shown.fake.answer(call(body("https://example.com/same.png"), key="sk-mock-team"))
    await expect(page.locator("#money dl.figures dd")).to_have_text(["0.008 CNY", "0.004 CNY", "0.008 CNY"])
    await expect(page.locator("#money .chart rect.wasted").first).to_be_attached()
    await expect(page.locator("#money tbody tr").filter(has_text="team").locator("td.number").last).to_have_text(
        "0.008"
    )
    finding = page.locator("#findings article")
    await expect(finding.locator("h3")).to_contain_text("paid-twice")
    await expect(finding.locator("a")).to_have_text(
        [f"#{entry.number}" for entry in shown.fake.store.journal().entries]
    )


async def test_what_is_typed_and_opened_survives_new_calls(shown, open_page):
    """A region that is rendered anew keeps the focus, the text and the open details."""
    page = await open_page()
    await opened(page, "Set limits")
    field = page.locator("#limits-form").get_by_label("Account")
    await field.type("te")
    shown.fake.store.add_rule(Rule(latency=0.001))
    shown.fake.answer(call())
    await expect(page.locator("#rules li")).to_have_count(1)
    await field.type("am")
    await expect(field).to_have_value("team")
    await expect(field).to_be_focused()
