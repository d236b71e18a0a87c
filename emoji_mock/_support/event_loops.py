"""Whether this thread runs an event loop of asyncio or trio; neither is imported to find out."""

from __future__ import annotations

import sys
from typing import Any


def in_asyncio() -> bool:
    """Return whether asyncio runs in this thread."""
    asyncio: Any = sys.modules.get("asyncio")
    if asyncio is None:
        return False
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def in_event_loop() -> bool:
    """Return whether asyncio or trio runs in this thread."""
    if in_asyncio():
        return True
    trio: Any = sys.modules.get("trio")
    return trio is not None and bool(trio.lowlevel.in_trio_run())
