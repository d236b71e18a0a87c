"""Whether a fake answers for the vendor in this process: doors say so, and the client, which knows neither, asks.

It stands on the lowest floor and imports nothing of ours.
"""

from threading import Lock

_lock = Lock()
_active: list[object] = []
_serving: set[object] = set()


def begin(who: object) -> None:
    """Note that `who` answers for the vendor from now on."""
    with _lock:
        _active.append(who)


def end(who: object) -> None:
    """Note that `who` answers no more."""
    with _lock:
        _active[:] = [other for other in _active if other is not who]


def serve_at(address: object) -> None:
    """Note that a fake of this process listens at `address` (host, port) from now on."""
    with _lock:
        _serving.add(address)


def leave(address: object) -> None:
    """Note that it does so no more."""
    with _lock:
        _serving.discard(address)


def serving() -> frozenset[object]:
    """Return the addresses at which fakes of this process listen."""
    with _lock:
        return frozenset(_serving)


def is_active() -> bool:
    """Say whether calls to the vendor stay in this process."""
    return bool(_active)
