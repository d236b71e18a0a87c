"""Fixtures: a client of each kind, and an environment without keys and addresses."""

import pytest
from client_helpers import WAYS


@pytest.fixture(params=WAYS.values(), ids=WAYS.keys())
def way(request):
    """A client of each kind."""
    return request.param


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch, tmp_path):
    """Remove keys, addresses and proxies from the environment, and use an empty home directory."""
    for name in ("DASHSCOPE_API_KEY", "DASHSCOPE_API_KEY_FILE_PATH", "DASHSCOPE_HTTP_BASE_URL", "DASHSCOPE_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
