"""One HTTP exchange as plain values, so that no floor has to know an HTTP library.

They are tuples because one of each is made for every call that is answered.
"""

from typing import NamedTuple

Headers = tuple[tuple[str, str], ...]


class Request(NamedTuple):
    """A request as it came in: method, target (path, or absolute form), header pairs and body."""

    method: str
    target: str
    headers: Headers = ()
    body: bytes = b""

    def by_name(self) -> dict[str, str]:
        """Return the headers by their lower-case names; the values of a repeated one are joined (RFC 9110, 5.3)."""
        named: dict[str, str] = {}
        for name, value in self.headers:
            key = name.lower()
            named[key] = f"{named[key]}, {value}" if key in named else value
        return named


class Response(NamedTuple):
    """An answer as it goes out: status, header pairs (framing is the door's business) and body."""

    status: int
    headers: Headers
    body: bytes


class Fault(NamedTuple):
    """The network misbehaving instead of answering; every door acts it out in its own way."""

    kind: str


Reply = Response | Fault
