"""What all interceptors share: patches of a library that are in place while a fake is installed.

Imports no HTTP library.
"""

from __future__ import annotations

from functools import partial
from inspect import iscoroutinefunction
from itertools import count
from typing import TYPE_CHECKING, Any

from emoji_mock._support.fork_safety import Locked
from emoji_mock.contract.hosts import is_vendor_host
from emoji_mock.interceptors.originals import is_own_function, own_function

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

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


class Patch:
    """An attribute of a class of the library; `make` takes its value and returns the replacement.

    It returns the value itself where there is nothing to replace.
    """

    __slots__ = ("made", "make", "name", "owner", "values")

    def __init__(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:  # noqa: ANN401 - the library's
        self.owner, self.name, self.make = owner, name, make
        self.values: Mapping[str, Any] = vars(owner)
        """The attributes of `owner`, always as they are now."""
        self.made: _Layer | None = None
        """The layer on the library's own function, so that the next interception need not make it again."""

    def is_own(self) -> bool:
        """Return whether the library's own function stands at the attribute."""
        return is_own_function(self.owner, self.name, self.values.get(self.name))


class _Layer:
    """A replacement of ours, which stands on the value `below`; `rank` is the interception's that placed it."""

    __slots__ = ("below", "patch", "patches", "rank", "removed", "replacement")

    def __init__(self, patches: PatchSet, patch: Patch, below: Any) -> None:  # noqa: ANN401 - the library's
        self.patches, self.patch, self.below = patches, patch, below
        self.replacement: Any = below  # nothing to replace
        self.rank = 0
        self.removed = True
        """Whether the replacement has been removed: a tool may still hold it that was imported meanwhile."""

    def place(self, rank: int) -> None:
        """Put the replacement in the place of what is below."""
        if self.replacement is not self.below:
            self.rank, self.removed = rank, False
            setattr(self.patch.owner, self.patch.name, self.replacement)

    def remove(self) -> None:
        """Put back what is below."""
        if self.replacement is not self.below:
            setattr(self.patch.owner, self.patch.name, self.below)
            self.removed = True


_MARK = "_emoji_mock_layer"


class PatchSet:
    """The patches of one library, among those of other tools, which may come and go in any order.

    Each patch looks up what stands at the attribute when it is placed, and passes on to that what it does not answer.
    A replacement that another tool has wrapped or saved cannot be removed; once the interceptions since its own have
    ended it only passes calls on, and it is removed as soon as it comes to the top again.
    """

    def __init__(self, *patches: Patch) -> None:
        self._patches = patches
        self.rank = 0
        """The rank of the newest interception that lasts, or 0."""

    def apply(self, rank: int) -> None:
        """Put replacements on top for the interception `rank`, above what other tools have placed."""
        alone, self.rank = not self.rank, rank
        for patch in self._patches:
            made = patch.made
            # Not while others last: whoever holds the replacement since one of them would be passed on.
            if alone and made is not None and made.removed and patch.values.get(patch.name) is made.below:
                made.place(rank)  # the usual case
            elif self._top(patch) is None:
                self._make(patch).place(rank)

    def restore(self, newest: int = 0, oldest: int = 0) -> None:
        """Remove the replacements that no interception needs; those from `oldest` to `newest` last."""
        self.rank = newest
        for patch in self._patches:
            made = patch.made
            if not newest and made is not None and patch.values.get(patch.name) is made.replacement:
                made.remove()  # the usual case
            # Where a tool that had started before us puts back the library's own function, ours has gone with it.
            elif self._top(patch) is None and oldest and patch.is_own():
                self._make(patch).place(oldest)

    def _top(self, patch: Patch) -> _Layer | None:
        """Return the replacement on top if it is ours and in use; remove what is ours and not in use."""
        while (layer := self._layer(patch.values.get(patch.name))) is not None and layer.rank > self.rank:
            layer.remove()
        return layer

    def _layer(self, value: Any) -> _Layer | None:  # noqa: ANN401 - the library's
        layer: _Layer | None = getattr(value, "__dict__", {}).get(_MARK)
        # `functools.wraps` copies the mark to the wrapper of another tool.
        return layer if layer is not None and layer.patches is self and layer.replacement is value else None

    def _make(self, patch: Patch) -> _Layer:
        """Return a layer for what stands at the attribute now."""
        original = patch.values[patch.name]
        made = patch.make(original)
        layer = _Layer(self, patch, original)
        if patch.is_own():
            patch.made = layer
        if made is original:
            return layer

        def below() -> Any:  # noqa: ANN401
            # What stood below may have ended as well.
            return own_function(patch.owner, patch.name, original) if layer.removed else original

        def replacement(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            return (made if layer.rank <= self.rank else below())(*args, **kwargs)

        async def replacement_async(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            return await (made if layer.rank <= self.rank else below())(*args, **kwargs)

        layer.replacement = replacement_async if iscoroutinefunction(made) else replacement
        layer.replacement.__dict__[_MARK] = layer
        return layer


class _Installed:
    """A port that is installed, and what stood beside it when it was."""

    __slots__ = ("older", "port", "rank")

    def __init__(self, port: FakePort, older: frozenset[int]) -> None:
        self.port, self.rank, self.older = port, next_rank(), older


_RANKS = count(1)


def next_rank() -> int:
    """Return the rank of something that starts now: the later it starts, the higher it is."""
    return next(_RANKS)


class Interceptor(Locked):
    """The patches of one library, and the ports installed behind them. The port installed last answers.

    The patches are put in place with each port, above those of tools that started before it. Safe from any thread.
    """

    def __init__(self, *patches: Patch) -> None:
        super().__init__()
        self.port: FakePort | None = None
        self.older: frozenset[int] = frozenset()
        """The ids of what `mockers` returned when the port that answers was installed."""
        self._patches = PatchSet(*patches)
        self._installed: list[_Installed] = []

    @property
    def rank(self) -> int:
        """The rank of the port that answers, or 0."""
        return self._patches.rank

    def past_others(self, owner: Any, name: str, host_of: Callable[..., str]) -> Patch:  # noqa: ANN401 - the library's
        """Return a patch by which a call to the vendor goes past what other tools had placed before the fake began.

        `host_of` takes what the function takes and returns the host.
        """

        def make(original: Callable[..., Any]) -> Callable[..., Any]:
            if is_own_function(owner, name, original):
                return original

            def past(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
                if self.port_for(host_of(*args, **kwargs)) is None:
                    return original(*args, **kwargs)
                return own_function(owner, name, original)(*args, **kwargs)

            async def past_async(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
                return await past(*args, **kwargs)

            return past_async if iscoroutinefunction(original) else past

        return Patch(owner, name, make)

    def mockers(self) -> Iterable[object]:
        """Return the mockers of other tools that have started; those that start after a port answer before it."""
        return ()

    def port_for(self, host: str) -> FakePort | None:
        """Return the port that answers a call to `host`, or None if the call goes to the network."""
        port = self.port
        return port if port is not None and is_vendor_host(host) else None

    def install(self, port: FakePort) -> Uninstall:
        """Let `port` answer the vendor's hosts until the returned function is called."""
        with self._lock:
            installed = _Installed(port, frozenset(map(id, self.mockers())))
            self._installed.append(installed)
            self._answer_by_last()
            try:
                self._patches.apply(installed.rank)
            except BaseException:
                self._remove(installed)
                raise
        return partial(self._uninstall, installed)

    def _uninstall(self, installed: _Installed) -> None:
        with self._lock:
            self._remove(installed)

    def _remove(self, installed: _Installed) -> None:
        if installed not in self._installed:
            return
        self._installed.remove(installed)
        self._answer_by_last()
        left = self._installed
        self._patches.restore(*((left[-1].rank, left[0].rank) if left else ()))

    def _answer_by_last(self) -> None:
        last = self._installed[-1] if self._installed else None
        self.port, self.older = (last.port, last.older) if last else (None, frozenset())
