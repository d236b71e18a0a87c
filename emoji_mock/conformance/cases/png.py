"""The smallest pictures that can be looked at, made without a library."""

from binascii import crc32
from struct import pack
from zlib import compress

from emoji_mock.contract.geometry import Size


def png(size: Size) -> bytes:
    """Return a black picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", crc32(kind + data))

    rows = compress(bytes(size.height * (1 + (size.width + 7) // 8)))
    head = pack(">IIBBBBB", *size, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
