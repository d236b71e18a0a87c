"""The environment of a test: a mock key instead of a real one, and the vendor's address, which is intercepted."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pytest_emoji_mock import _sdk

if TYPE_CHECKING:
    import pytest

KEY = "sk-mock-test"


def set_environment(environment: pytest.MonkeyPatch) -> None:
    """Set a mock key; replace an address that is set by the vendor's own."""
    from emoji_mock.contract.endpoint import API_PREFIX, HOME  # noqa: PLC0415 - loaded with the first fixture

    _sdk.set_variables(environment, api_key=KEY, base_http_api_url=HOME + API_PREFIX)
    environment.setenv("DASHSCOPE_API_KEY", KEY)
    for name in ("DASHSCOPE_HTTP_BASE_URL", "DASHSCOPE_BASE_URL"):
        if given := os.environ.get(name):
            environment.setenv(name, HOME + API_PREFIX if given.rstrip("/").endswith(API_PREFIX) else HOME)
