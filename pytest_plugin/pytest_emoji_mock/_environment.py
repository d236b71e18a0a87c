"""What a test finds in its environment: a key with which nothing real can leak, and no address but the vendor's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pytest_emoji_mock import _sdk

if TYPE_CHECKING:
    import pytest

KEY = "sk-mock-test"


def lend(environment: pytest.MonkeyPatch) -> None:
    """Set the key; an address that stands there becomes the vendor's own, which is faked."""
    from emoji_mock.contract.endpoint import API_PREFIX, HOME  # noqa: PLC0415 - loaded with the first fixture

    _sdk.lend(environment, api_key=KEY, base_http_api_url=HOME + API_PREFIX)
    environment.setenv("DASHSCOPE_API_KEY", KEY)
    for name in ("DASHSCOPE_HTTP_BASE_URL", "DASHSCOPE_BASE_URL"):
        if given := os.environ.get(name):
            environment.setenv(name, HOME + API_PREFIX if given.rstrip("/").endswith(API_PREFIX) else HOME)
