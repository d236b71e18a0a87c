"""Undo the compression of a response while it arrives, within a limit: a few bytes may be gigabytes when inflated.

The client asks for none. Gzip and deflate are undone nevertheless, since a proxy may add them.
"""

from __future__ import annotations

import zlib

_MOST_LAYERS = 2
"""How many codings on top of each other are undone; a real response has one at most."""
_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS


class CodingError(Exception):
    """A response whose coding is unknown, or whose data are broken."""


class TooLongError(Exception):
    """A response that is longer than the limit."""


class BodyDecoder:
    """Decodes a body by the values of its Content-Encoding headers (RFC 9110, 8.4). Raises CodingError.

    `content` is what has been decoded, at most `limit` bytes.
    """

    def __init__(self, content_encoding: str, limit: int) -> None:
        names = [name.strip().lower() for name in content_encoding.split(",")]
        names = [name for name in names if name not in ("", "identity")]
        if len(names) > _MOST_LAYERS or not {*names} <= {"gzip", "x-gzip", "deflate"}:
            raise CodingError(f"it is compressed ({', '.join(names)[:80]}), although no compression was asked for")
        # The last one in the header was applied last.
        self._layers = [_Layer(name, limit) for name in reversed(names)]
        self._limit, self._received = limit, 0
        self.content = bytearray()

    def add(self, part: bytes) -> None:
        """Add the next part as it was received. Raises CodingError and TooLongError."""
        self._received += len(part)
        for layer in self._layers:
            part = layer.decode(part)
        self.content += part
        if max(len(self.content), self._received) > self._limit:
            raise TooLongError

    def finish(self) -> bytes:
        """Return the whole content. Raises CodingError if compressed data have no end."""
        if self._received and not all(layer.is_complete for layer in self._layers):
            raise CodingError("its compressed data have no end")
        return bytes(self.content)


class _Layer:
    """One coding, with a limit for what it makes."""

    def __init__(self, name: str, limit: int) -> None:
        self._kind = _ZLIB if name == "deflate" else _GZIP
        self._decompressor = zlib.decompressobj(self._kind)
        self._left = limit
        self._is_new = True

    @property
    def is_complete(self) -> bool:
        """Whether the end of the data has been reached."""
        return self._decompressor.eof

    def decode(self, part: bytes) -> bytes:
        if not part:
            return part
        try:
            decoded = self._decompressor.decompress(part, self._left + 1)
        except zlib.error as error:
            if not (self._is_new and self._kind == _ZLIB):
                raise CodingError(f"its compressed data are broken ({error})") from None
            self._kind, self._decompressor = _RAW, zlib.decompressobj(_RAW)  # some servers leave zlib's frame out
            return self.decode(part)
        self._is_new = False
        self._left -= len(decoded)
        if self._left < 0 or self._decompressor.unconsumed_tail:
            raise TooLongError
        return decoded
