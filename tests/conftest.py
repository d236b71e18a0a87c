"""Fixtures of the whole suite."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from emoji_mock import Fake, Options

# No test reaches a host by TLS. Reading a machine's 140 authorities takes 20 ms, and each of hundreds of clients does.
os.environ["SSL_CERT_FILE"] = str(Path(__file__).with_name("_support") / "authority.pem")

# Each collection of the older objects walks over all modules and items, some 400,000 objects; those of tests are few beside them.
gc.set_threshold(50_000, 20, 50)

pytest_plugins = ["pytester"]
collect_ignore = ["examples"]  # a project of its own, run by test_examples.py


def pytest_addoption(parser):
    """Add the flag that writes the measured tables of the manual, which a run otherwise compares."""
    parser.addoption(
        "--write-tables", action="store_true", dest="write_tables", help="write the table of docs/reference/programs.md"
    )


def pytest_collection_modifyitems(config, items):
    """Let a worker begin with the slow tests, so that none of them is the last for which the others wait."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: item.get_closest_marker("slow") is None)


# No deadline and no check of how fast examples are made, because the machine may be slow. CI tries the same examples every time, and
# twice as many: elsewhere each run tries others.
settings.register_profile("house", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("house"), max_examples=100, derandomize=True)
settings.load_profile("ci" if "CI" in os.environ else "house")


class Clock:
    """A clock that moves only when a test sets it."""

    def __init__(self, now=1_795_366_800.0):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    """A clock stopped at 2026-11-22 17:00:00 UTC."""
    return Clock()


@pytest.fixture
def fake(clock):
    """A fresh fake with a seed."""
    return Fake(Options(seed=7), clock=clock)


@pytest.fixture(scope="session")
def _live():
    from servers import running

    with running() as live:
        yield live


@pytest.fixture
def live(_live):
    """The session's server, reset."""
    _live.fake.reset()
    return _live


@pytest.fixture
def nothing_from_outside(monkeypatch, tmp_path):
    """Unset the key and addresses of the machine's user; widen the terminal."""
    for name in ("DASHSCOPE_API_KEY", "DASHSCOPE_API_KEY_FILE_PATH", "DASHSCOPE_HTTP_BASE_URL", "DASHSCOPE_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "160")
