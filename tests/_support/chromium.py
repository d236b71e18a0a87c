"""A real Chromium that opens the page of a server: Playwright's asynchronous API, because the synchronous one leaves a loop running."""

import shutil
from contextlib import asynccontextmanager

import pytest

# Nothing is fetched but what a test opens; the sandbox needs rights that a container does not have.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
SECONDS = 10


def expect(subject):
    """Return Playwright's assertions on `subject`, which wait until they hold."""
    from playwright.async_api import expect as made

    made.set_options(timeout=SECONDS * 1000)
    return made(subject)


@asynccontextmanager
async def started():
    """Start a browser; skip the test where Playwright or a browser is not installed."""
    api = pytest.importorskip("playwright.async_api", reason="playwright comes with the extra `ci`")
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no chromium here")
    async with api.async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        await browser.close()


async def violations(page):
    """Return what axe-core finds, and the first elements where."""
    axe = pytest.importorskip("axe_playwright_python.async_playwright", reason="axe comes with the extra `ci`").Axe()
    found = (await axe.run(page)).response["violations"]
    return [(one["id"], one["help"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found]


class Opened:
    """A page of `url` in a browser context of its own, and what it reported and requested."""

    def __init__(self, page, url):
        self.page, self.url = page, url
        self.reported, self.requested = [], []
        page.set_default_timeout(SECONDS * 1000)
        page.on("console", lambda message: self.reported.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.reported.append(str(error)))
        page.on("request", lambda request: self.requested.append(request.url))

    async def load(self, target):
        """Open the page and wait until its events come."""
        await self.page.goto(self.url + target)
        await expect(self.page.locator("#connection")).to_have_text("live")

    @property
    def errors(self):
        """Return the errors of scripts and of the content security policy; not the refusals that a test provokes."""
        return [text for text in self.reported if not text.startswith("Failed to load resource")]

    @property
    def foreign(self):
        """Return the URLs of other hosts that the page asked for."""
        return [url for url in self.requested if not url.startswith((f"{self.url}/", "data:", "blob:"))]


@asynccontextmanager
async def opened(browser, url, target="/", **context):
    """Open the page of the server at `url`; whatever a test did, no script failed, and nothing outside was asked for."""
    made = await browser.new_context(**{"viewport": DESKTOP, **context})
    try:
        shown = Opened(await made.new_page(), url)
        await shown.load(target)
        yield shown.page
        assert shown.errors == []
        assert shown.foreign == []
    finally:
        await made.close()
