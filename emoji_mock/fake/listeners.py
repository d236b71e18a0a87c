"""The listeners of every fake in this process. A separate module, so that the plugin loads nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.fake.accounting.journal import StoredCall

LISTENERS: list[Callable[[StoredCall], None]] = []
