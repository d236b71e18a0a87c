"""Every test of a whole fake runs twice: with the store in memory, and with one that serialises all that it is given."""

import pytest
from serialising_store import SerialisingStore

from emoji_mock import Fake, Options


@pytest.fixture(params=[None, SerialisingStore], ids=["memory", "serialising"])
def fake(request, clock):
    """A fresh fake that repeats itself."""
    return Fake(Options(seed=7), store=request.param and request.param(), clock=clock)
