"""Find processes that a command has left behind and that still have the fake's addresses in their environment."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_PROCESSES = Path("/proc")
_ENDING_SECONDS = 0.25
"""How long a process that ends just after the command, as those of a pipeline do, may take."""
_PAUSE = 0.05


class LeftProcess(NamedTuple):
    """A process that runs on."""

    pid: int
    name: str


def processes_with(name: str, value: str) -> list[LeftProcess]:
    """Return the user's other processes that were started with the variable `name` set to `value`; on Linux only."""
    deadline = time.monotonic() + _ENDING_SECONDS
    while (found := _processes_with(f"{name}={value}".encode())) and time.monotonic() < deadline:
        time.sleep(_PAUSE)
    return found


def _processes_with(wanted: bytes) -> list[LeftProcess]:
    found: list[LeftProcess] = []
    for folder in _PROCESSES.glob("[0-9]*"):
        with suppress(OSError):  # it has ended, or is another user's
            pid = int(folder.name)
            if pid != os.getpid() and wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(LeftProcess(pid, (folder / "comm").read_text(errors="replace").strip()))
    return sorted(found)
