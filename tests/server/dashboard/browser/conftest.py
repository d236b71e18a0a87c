"""One browser and one server for each module, and a page for each test."""

from contextlib import AsyncExitStack

import chromium
import pytest
import pytest_asyncio
from servers import running

from emoji_mock import Fake, Options


@pytest.fixture(scope="module")
def _shown():
    """A server that keeps pictures for its page, as `serve` does."""
    with running(Fake(Options(seed=7, kept_picture_bytes=1 << 20))) as live:
        yield live


@pytest.fixture
def shown(_shown):
    """The module's server, reset."""
    _shown.fake.reset()
    return _shown


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser():
    """The module's browser."""
    async with chromium.started() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def open_page(browser, shown):
    """A function that opens the page and returns it; after the test, no script has failed."""
    async with AsyncExitStack() as pages:

        async def made(**context):
            return await pages.enter_async_context(chromium.opened(browser, shown.url, **context))

        yield made
