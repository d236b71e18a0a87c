"""One HTTP exchange as plain values, independent of any HTTP library.

They are tuples because one of each is made for every call that is answered.
"""

from collections.abc import Iterable
from typing import NamedTuple, Protocol, TypeVar, cast

T = TypeVar("T")


class _NewTuple(Protocol):
    def __call__(self, kind: type[T], values: Iterable[object], /) -> T: ...


new_tuple = cast("_NewTuple", tuple.__new__)  # pyright: ignore[reportUnknownMemberType]  # of any class of tuples
"""Return a named tuple of a class with all its values, in a third of the time that its own constructor takes."""

Headers = tuple[tuple[str, str], ...]


class Request(NamedTuple):
    """A request as it came in: method, target (path, or absolute form), header pairs and body."""

    method: str
    target: str
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str:
        """Return the value of a header by its lower-case name; the values of a repeated one are joined."""
        return ", ".join([value for given, value in self.headers if given.lower() == name])

    def by_name(self) -> dict[str, str]:
        """Return the headers by their lower-case names; the values of a repeated one are joined (RFC 9110, 5.3)."""
        named: dict[str, str] = {}
        repeated: dict[str, list[str]] | None = None
        for name, value in self.headers:
            key = name.lower()
            if key not in named:
                named[key] = value
                continue
            if repeated is None:
                repeated = {}
            repeated.setdefault(key, [named[key]]).append(value)
        if repeated is not None:  # joined at the end: ever longer strings would cost quadratic time
            named.update({key: ", ".join(values) for key, values in repeated.items()})
        return named


class SocketRequest(Request):
    """A request that came over a socket, whose connection can no longer be refused."""

    __slots__ = ()


class Response(NamedTuple):
    """An answer as it goes out: status, header pairs (without those of framing) and body.

    `delay` holds it back, in seconds; `number` is that of the exchange in the journal, if the answer is late.
    """

    status: int
    headers: Headers
    body: bytes
    delay: float = 0.0
    number: int = 0


class Fault(NamedTuple):
    """A network fault instead of an answer; each way in acts it out by its own means.

    `response` is the answer that would have been given, `seconds` how long a stall or a drip takes, `delay` how long
    nothing happens at first, and `number` that of the exchange in the journal.
    """

    kind: str
    response: Response = Response(200, (), b"")
    seconds: float = 90.0
    delay: float = 0.0
    number: int = 0


Reply = Response | Fault
