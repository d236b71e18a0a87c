"""The environment of a test: a mock key instead of a real one, and the vendor's address, which is intercepted."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pytest_emoji_mock import _sdk

if TYPE_CHECKING:
    import pytest

KEY = "sk-mock-test"
_LOOPBACK = ("127.0.0.1", "localhost")


def set_environment(environment: pytest.MonkeyPatch) -> None:
    """Set a mock key; replace an address that is set by the vendor's own."""
    from emoji_mock.contract.endpoint import API_PREFIX, BASE_URL_VARIABLES, HOME  # noqa: PLC0415 - loaded with the first fixture

    _sdk.set_variables(environment, api_key=KEY, base_http_api_url=HOME + API_PREFIX)
    environment.setenv("DASHSCOPE_API_KEY", KEY)
    for name in BASE_URL_VARIABLES:
        if given := os.environ.get(name):
            environment.setenv(name, HOME + API_PREFIX if given.rstrip("/").endswith(API_PREFIX) else HOME)


def reach_loopback(environment: pytest.MonkeyPatch) -> None:
    """Let clients that read HTTP_PROXY, ALL_PROXY and their like from the environment call this machine directly."""
    for name in ("NO_PROXY", "no_proxy"):  # urllib prefers the lower case, curl and httpx read both
        given = os.environ.get(name) or os.environ.get(name.swapcase(), "")
        hosts = [host.strip() for host in given.split(",") if host.strip()]
        environment.setenv(name, ",".join(dict.fromkeys((*hosts, *_LOOPBACK))) if "*" not in hosts else "*")
