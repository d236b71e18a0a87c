"""Whether a fake answers for the vendor in this process: doors say so, and the client, which knows neither, asks.

It stands on the lowest floor and imports nothing of ours.
"""

from threading import Lock

_lock = Lock()
_active: list[object] = []


def begin(who: object) -> None:
    """Note that `who` answers for the vendor from now on."""
    with _lock:
        _active.append(who)


def end(who: object) -> None:
    """Note that `who` answers no more."""
    with _lock:
        _active[:] = [other for other in _active if other is not who]


def is_active() -> bool:
    """Say whether calls to the vendor stay in this process."""
    return bool(_active)
