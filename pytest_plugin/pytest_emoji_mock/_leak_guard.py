"""The leak guard of a run: it stands before anything of the user's is imported, and until the run is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from emoji_mock.testing.leak_guard import LeakGuard

_GUARD = pytest.StashKey["LeakGuard"]()


def stand_guard(config: pytest.Config) -> LeakGuard:
    """Return the guard of the run, which stands from now on."""
    if _GUARD not in config.stash:
        from emoji_mock.testing.leak_guard import LeakGuard  # noqa: PLC0415 - nothing is loaded before a run

        guard = config.stash[_GUARD] = LeakGuard()
        guard.install()
        config.add_cleanup(guard.uninstall)
    return config.stash[_GUARD]
