"""Picture files in parts, to put together rightly and wrongly: PNG chunks, JPEG segments and scans, BMP headers."""

import re
import struct
import zlib
from io import BytesIO

from PIL import Image

from emoji_mock.contract.models import emoji

PNG = b"\x89PNG\r\n\x1a\n"
SIZE = (480, 640)
PICTURES = emoji.DETECT.pictures
"""The limits of the pictures that emoji-detect-v1 takes."""
LARGE = (2400, 2000)
END = b"\xff\xd9"


def drawn(size=SIZE, mode="RGB"):
    """Return a picture with detail everywhere, so that each part of its file matters."""
    noise = Image.effect_noise((size[0] // 8, size[1] // 8), 60).resize(size)
    slope = Image.linear_gradient("L").resize(size)
    return Image.merge("RGB", (noise, slope, slope.rotate(180))).convert(mode)


def saved(image, kind, **options):
    """Return the file of a picture."""
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def chunk(kind, content=b"", *, wrong=False):
    """Return a PNG chunk, with a wrong checksum if so wished."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content) ^ int(wrong))


def png_header(size=SIZE, *, depth=8, colour=2, interlaced=False):
    """Return the chunk IHDR."""
    return chunk(b"IHDR", struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, interlaced))


def png(*chunks, size=SIZE, **header):
    """Return a PNG of a header, these chunks, and an end."""
    return PNG + png_header(size, **header) + b"".join(chunks) + chunk(b"IEND")


def rows(size=SIZE, *, bits=24, count=None, filtering=0):
    """Return compressed rows of a PNG, all or `count` of them."""
    stride = (size[0] * bits + 7) // 8
    return zlib.compress(
        (bytes([filtering]) + bytes(range(256)) * (stride // 256 + 1))[: stride + 1] * (count or size[1])
    )


def segment(marker, content=b""):
    """Return a JPEG segment."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def with_segments(jpeg, *segments):
    """Return a JPEG with more segments at its beginning."""
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def scans_of(jpeg):
    """Return where the scans of a JPEG begin."""
    return [found.start() for found in re.finditer(rb"\xff\xda", jpeg)]


def cut_scan(jpeg, share):
    """Return a JPEG whose last scan ends after a share of its bytes, with an end marker behind it."""
    begin = scans_of(jpeg)[-1] + 14
    return jpeg[: begin + int((len(jpeg) - 2 - begin) * share)] + END


def exif(orientation, order="<"):
    """Return an EXIF block that states an orientation."""
    name = b"II*\0" if order == "<" else b"MM\0*"
    return b"Exif\0\0" + name + struct.pack(f"{order}IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)


def bmp(size=SIZE, *, bits=24, compression=0, data=b"", masks=b"", colours=0, start=None, header=40):
    """Return a BMP with a grey palette where its bits need one."""
    palette = b"".join(bytes((n % 256, n % 256, n % 256, 0)) for n in range(colours or (1 << bits if bits <= 8 else 0)))
    fields = struct.pack("<IiiHHIIiiII", header, *size, 1, bits, compression, len(data), 2835, 2835, colours, 0)
    fields += bytes(header - 40)
    begin = 14 + len(fields) + len(masks) + len(palette)
    place = begin if start is None else start
    return b"BM" + struct.pack("<IHHI", begin + len(data), 0, 0, place) + fields + masks + palette + data
