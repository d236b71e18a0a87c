"""Read the orientation of a picture from an EXIF block, which is a TIFF file (TIFF 6.0, section 2)."""

from __future__ import annotations

import struct

_ORIENTATION, _SHORT = 0x0112, 3
_BYTE_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}


def orientation_of(block: bytes) -> int:
    """Return the orientation, from 1 to 8, that an EXIF block states; 1 if it states none, or is broken."""
    block = block.removeprefix(b"Exif\0\0")
    order = _BYTE_ORDERS.get(bytes(block[:4]))
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(f"{order}I", block, 4)
        (count,) = struct.unpack_from(f"{order}H", block, start)
        for number in range(count):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", block, start + 2 + 12 * number)
            if tag == _ORIENTATION:
                return value if kind == _SHORT and 1 <= value <= 8 else 1  # noqa: PLR2004 - EXIF 2.3, 4.6.4
    except struct.error:
        pass
    return 1
