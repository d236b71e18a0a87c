"""What all interceptors share: patches of a library that are in place while a fake is installed.

Imports no HTTP library.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from emoji_mock._support.fork_safety import Locked
from emoji_mock.contract.hosts import is_vendor_host

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.contract.exchange import Request
    from emoji_mock.fake.port import FakePort

    Uninstall = Callable[[], None]


def with_scheme(request: Request, scheme: str, host: str) -> Request:
    """Return `request` in absolute form if `scheme` is not the one expected of `host`.

    The vendor is expected by https, any other host by http. So the journal shows a call to the vendor without TLS, and
    the URLs from a fake under another name use https if the call did.
    """
    unexpected = request.target.startswith("/") and (scheme == "https") is not is_vendor_host(host)
    return request._replace(target=f"{scheme}://{host}{request.target}") if unexpected else request


class Patch(NamedTuple):
    """An attribute of a class of the library; `make` takes its value and returns the replacement."""

    owner: Any
    name: str
    make: Callable[[Any], Any]

    @property
    def current(self) -> Any:  # noqa: ANN401 - the library's
        """The value of the attribute now."""
        return self.owner.__dict__[self.name]


class PatchSet:
    """The patches of one library, put in place and undone together.

    A replacement that another mocker has wrapped meanwhile is left in place; it must call the original while the set is
    not in place.
    """

    def __init__(self, *patches: Patch) -> None:
        self._patches = patches
        self._originals: dict[Patch, tuple[Any, Any]] = {}

    def apply(self) -> None:
        """Put the replacements in place."""
        for patch in self._patches:
            current = patch.current
            known = self._originals.get(patch)
            if known is not None and known[1] is current:
                continue  # wrapped by another mocker at the last restore, and unwrapped since
            replacement = patch.make(current)
            self._originals[patch] = (current, replacement)
            setattr(patch.owner, patch.name, replacement)

    def restore(self) -> None:
        """Put the originals back."""
        for patch, (original, replacement) in list(self._originals.items()):
            if patch.current is replacement:
                setattr(patch.owner, patch.name, original)
                del self._originals[patch]


class Interceptor(Locked):
    """The patches of one library, and the ports installed behind them. The port installed last answers.

    The patches are put in place with the first port and undone with the last. Safe from any thread.
    """

    def __init__(self, *patches: Patch) -> None:
        super().__init__()
        self.port: FakePort | None = None
        self._patches = PatchSet(*patches)
        self._installed: list[list[FakePort]] = []

    def port_for(self, host: str) -> FakePort | None:
        """Return the port that answers a call to `host`, or None if the call goes to the network."""
        port = self.port
        return port if port is not None and is_vendor_host(host) else None

    def install(self, port: FakePort) -> Uninstall:
        """Let `port` answer the vendor's hosts until the returned function is called."""
        entry = [port]  # a list of its own, because one port may be installed twice
        with self._lock:
            if not self._installed:
                self._patches.apply()
            self._installed.append(entry)
            self.port = port
        return partial(self._uninstall, entry)

    def _uninstall(self, entry: list[FakePort]) -> None:
        with self._lock:
            left = [other for other in self._installed if other is not entry]
            if len(left) == len(self._installed):
                return
            self._installed = left
            self.port = left[-1][0] if left else None
            if not left:
                self._patches.restore()
