"""Accessibility: axe-core finds no violation of WCAG 2.2 AA or of its best practices, empty and busy, light and dark."""

import pytest
from chromium import DESKTOP, PHONE, expect, violations
from helpers import body, call

from emoji_mock import Rule

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


def busy(fake):
    """Make calls with every outcome, rules, limits and findings."""
    for url in ("https://example.com/a.png", "https://emoji-mock.test/failed/FacePose", "ftp://a/b.png", ""):
        for key in ("sk-one", "sk-two"):
            fake.answer(call(body(url), key=key))
    fake.store.add_rule(Rule(outcome="failed", code="InvalidFile.NoHuman", times=1))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_axe_finds_no_violation(shown, open_page, scheme, viewport):
    """The page has none, neither empty nor with calls."""
    page = await open_page(color_scheme=scheme, viewport=viewport)
    assert await violations(page) == []
    busy(shown.fake)
    await expect(page.locator("#calls tr")).to_have_count(8)
    await expect(page.locator("#rules li")).to_have_count(1)
    assert await violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_no_violation_in_what_is_opened(shown, open_page, scheme):
    """Neither in the forms behind their summaries, nor in a call."""
    page = await open_page(color_scheme=scheme)
    busy(shown.fake)
    await expect(page.locator("#rules li")).to_have_count(1)
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert await violations(page) == []
    await page.locator("#calls a[data-call]").first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await violations(page) == []
