"""What the tests of the three programs share."""

import asyncio
import time

import pytest


@pytest.fixture
def no_real_waits(emoji_api, monkeypatch):
    """Let the programs' waits advance the fake's clock, and take no time."""
    emoji_api.clock.freeze()
    monkeypatch.setattr(time, "sleep", emoji_api.clock.sleep)
    monkeypatch.setattr(asyncio, "sleep", emoji_api.clock.sleep)
