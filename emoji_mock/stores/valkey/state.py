"""What a replica remembers of the store, so that most calls need not ask: valid as long as the epoch is the same."""

from __future__ import annotations

from msgspec import Struct


class State(Struct, frozen=True):
    """Whether there are rules and limits, and the settings that all replicas share, at an `epoch` of the store."""

    epoch: str = ""
    has_rules: bool = False
    has_limits: bool = False
    settings: bytes = b""
    """SharedSettings in MessagePack; empty if no replica has set any."""
