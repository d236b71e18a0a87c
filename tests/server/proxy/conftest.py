"""A proxy without a fake, on each event loop, and another host."""

import asyncio

import pytest
from proxy_lab import LoopThread, Origin, Proxy


@pytest.fixture(scope="module", params=["uvloop", "asyncio"])
def thread(request):
    """An event loop of each kind. Nothing may have reached its handler of exceptions."""
    factory = asyncio.new_event_loop
    if request.param == "uvloop":
        factory = pytest.importorskip("uvloop").new_event_loop
    made = LoopThread(factory)
    yield made
    made.stop()
    assert made.problems == []


@pytest.fixture
def proxy_with(thread):
    """Make a proxy with options of its own."""
    made = []

    def make(**options):
        made.append(Proxy(thread, **options))
        return made[-1]

    yield make
    for proxy in made:
        proxy.close()


@pytest.fixture
def proxy(proxy_with):
    """A proxy on loopback."""
    return proxy_with()


@pytest.fixture
def origin():
    """Another host."""
    made = Origin()
    yield made
    made.close()
