"""Requests whose head came before, byte for byte, are taken apart without a parser.

A client sends the same head with every call. Only its hash is kept, and where its parts stand: no value, because
that may be a key. Its connection alone keeps what was read last, as uvicorn does, until it is closed. A request that
is in any way unusual is left to the parser, which has seen none of it by then.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from emoji_mock.contract.exchange import SocketRequest, new_tuple
from emoji_mock.fake.port import may_hold_picture
from emoji_mock.server.protocols.protocol import DirectProtocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.server.bodies import HeldBodies
    from emoji_mock.server.control.steered import SteeredFake

LAYOUTS = 1024
"""How many heads are known at a time."""
LONGEST_HEAD = 4096
"""How many bytes the head of a usual request has at most."""
_END = b"\r\n\r\n"


class Layout(NamedTuple):
    """Where the parts of a head stand in its text."""

    method: str
    names: tuple[str, ...]
    """The names of the headers, in lower case."""
    parts: Callable[[str], tuple[str, ...]]
    """Cuts the target and the values of the headers out of the text."""
    head_size: int
    size: int
    """The bytes of the head, and of the whole request."""

    def request(self, head: bytes) -> SocketRequest:
        """Return the request with this head, and no body yet."""
        target, *values = self.parts(head.decode("latin-1"))
        return SocketRequest(self.method, target, tuple(zip(self.names, values, strict=True)))


def find_layout(head: bytes, request: SocketRequest) -> Layout | None:
    """Return the layout of `head`, which a parser has read as `request`; None if it is not written as usual."""
    lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    method, target, headers = request[:3]
    if lines[0] != f"{method} {target} HTTP/1.1" or len(lines) != len(headers) + 1:
        return None
    places = [slice(len(method) + 1, len(method) + 1 + len(target))]
    begins = len(lines[0]) + 2
    for line, (name, value) in zip(lines[1:], headers, strict=True):
        if not line.lower().startswith(f"{name}: ") or line[len(name) + 2 :] != value or "sk-" in name:
            return None
        places.append(slice(begins + len(name) + 2, begins + len(line)))
        begins += len(line) + 2
    length, names = int(dict(headers).get("content-length", "0")), tuple([name for name, _ in headers])
    return Layout(method, names, itemgetter(*places), len(head), len(head) + length)


class KnownHeadProtocol(DirectProtocol):
    """The protocol that takes known heads apart itself; subclass it with a `fake`, `bodies` and `layouts`."""

    layouts: ClassVar[dict[int, Layout]]
    """By Python's keyed hash of the head."""

    _last_head = b""  # of the last request with a known head, with its layout, and the request without its body
    _last_layout: Layout | None = None
    _last_request: SocketRequest | None = None
    _layout: Layout | None = None  # of the request whose body is awaited
    _begun = b""  # what has come of it
    _new_head = b""  # the head with which the last read began, if it is not known

    def data_received(self, data: bytes) -> None:
        """Answer a request with a known head, or await the rest of its body; let the parser read any other."""
        layout = self._layout
        if layout is None:
            layout = self._known_layout(data)
        else:
            data = self._begun + data
            self._layout, self._begun = None, b""
        if layout is None:
            super().data_received(data)
        elif len(data) < layout.size:
            self._await_body(layout, data)
        else:
            self._in_message = False
            request = self._request_with(layout, data)
            if len(data) > layout.size or may_hold_picture(request.body):
                super().data_received(data)
                return
            if self._unfinished is not None:
                self._free_unfinished()
            self._received_at = self.loop.time()
            self._unset_keepalive_if_required()
            self._answer(request)

    def _known_layout(self, data: bytes) -> Layout | None:
        self._new_head = b""
        if self._in_message or self._answering() or self.flow.write_paused:
            return None
        if self._last_head and data.startswith(self._last_head):
            return self._last_layout
        head = data[: data.find(_END, 0, LONGEST_HEAD) + len(_END)]
        layout = self.layouts.get(hash(head))
        if layout is None and len(head) > len(_END):
            self._new_head = head
        return layout

    def _request_with(self, layout: Layout, data: bytes) -> SocketRequest:
        size, request = layout.head_size, self._last_request
        if request is None or layout is not self._last_layout:
            self._last_head, self._last_layout = data[:size], layout
            request = layout.request(self._last_head)
            request = self._last_request = request._replace(headers=request.headers + self._scheme)
        method, target, headers, _ = request
        return new_tuple(SocketRequest, (method, target, headers, data[size:]))

    def _await_body(self, layout: Layout, data: bytes) -> None:
        is_new = not self._in_message
        self._received_at = self.loop.time()
        self._unset_keepalive_if_required()
        self._layout, self._begun, self._in_message, self._in_head = layout, data, True, False
        if is_new:
            self._message_at = self._received_at
            self._close_early(self._request_with(layout, data[: layout.head_size]))
            if self._player is not None:
                self._layout, self._begun = None, b""
        self._hold_unfinished(len(data))

    def on_headers_complete(self) -> None:
        """Learn the layout of a head that takes the shortcut."""
        super().on_headers_complete()
        head, self._new_head = self._new_head, b""
        if not head or self._request is None:
            return
        own = self._request.headers[: len(self.headers)]  # without the scheme
        layout = find_layout(head, self._request._replace(headers=own))
        if layout is not None:
            if len(self.layouts) >= LAYOUTS:
                self.layouts.clear()
            self.layouts[hash(head)] = layout


def protocol_for(fake: SteeredFake, bodies: HeldBodies, base: type[KnownHeadProtocol] = KnownHeadProtocol) -> type[Any]:
    """Return the class after `base` that answers with `fake`, and counts unfinished requests among `bodies`."""
    return type("FakeProtocol", (base,), {"fake": fake, "bodies": bodies, "layouts": {}})
