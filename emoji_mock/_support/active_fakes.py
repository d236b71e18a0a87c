"""Whether a fake answers for the vendor in this process, and at which addresses fakes listen.

Interceptors and servers register here, and the client and the leak guard look here, so that they need not know each
other.
"""

from threading import Lock

_lock = Lock()
_active: list[object] = []
_serving: set[object] = set()


def begin(owner: object) -> None:
    """Record that `owner` answers for the vendor from now on."""
    with _lock:
        _active.append(owner)


def end(owner: object) -> None:
    """Record that `owner` no longer answers."""
    with _lock:
        if owner in _active:
            _active.remove(owner)


def serve_at(address: object) -> None:
    """Record that a fake of this process listens at `address` (host, port)."""
    with _lock:
        _serving.add(address)


def leave(address: object) -> None:
    """Record that no fake listens at `address` any more."""
    with _lock:
        _serving.discard(address)


def serving() -> frozenset[object]:
    """Return the addresses at which fakes of this process listen."""
    with _lock:
        return frozenset(_serving)


def is_active() -> bool:
    """Return whether calls to the vendor are answered in this process."""
    return bool(_active)
