"""What the calls would have cost, in CNY."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.server.control.models import Bills, bills

if TYPE_CHECKING:
    from emoji_mock.server.control.steered import SteeredFake


def view(fake: SteeredFake) -> Bills:
    """Return the ledger of every account."""
    return bills(fake.store.ledgers())
