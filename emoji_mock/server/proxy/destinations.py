"""Which other hosts the proxy may reach, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Destinations:
    """Says which other hosts may be reached."""

    def __init__(self, *, offline: bool, open_to_others: bool, environ: Mapping[str, str]) -> None:
        self.offline, self.open_to_others, self.environ = offline, open_to_others, environ
