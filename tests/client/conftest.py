"""A client of each kind, and no key or address from outside."""

import pytest
from client_helpers import WAYS


@pytest.fixture(params=WAYS.values(), ids=WAYS.keys())
def way(request):
    """A client of each kind."""
    return request.param


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch, tmp_path):
    """No key, address or proxy of whoever runs the tests; a home directory of its own."""
    for name in ("DASHSCOPE_API_KEY", "DASHSCOPE_API_KEY_FILE_PATH", "DASHSCOPE_HTTP_BASE_URL", "DASHSCOPE_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
