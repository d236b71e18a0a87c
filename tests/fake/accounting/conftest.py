"""What the tests of the accounting share."""

import pytest

from emoji_mock.fake.accounting import api_keys
from emoji_mock.fake.accounting.used_keys import UsedKeys


@pytest.fixture
def no_key_was_used(monkeypatch):
    """The keys of other tests are unknown, which are otherwise kept for the whole process."""
    callers = {}
    monkeypatch.setattr(api_keys, "_callers", callers)
    monkeypatch.setattr(api_keys, "_used", UsedKeys(on_forget=callers.clear))
