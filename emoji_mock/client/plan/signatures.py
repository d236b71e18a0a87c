"""Tell the format of a file by its first bytes: pictures, audio and video that a model of the vendor's may take."""

from __future__ import annotations

MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "BMP": "image/bmp",
    "WEBP": "image/webp",
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "avi": "video/x-msvideo",
}
"""Format -> media type; the names are those of the contract's limits."""

# Format -> offset and value of the bytes that identify it.
_SIGNATURES = {
    "JPEG": (0, b"\xff\xd8\xff"),
    "PNG": (0, b"\x89PNG\r\n\x1a\n"),
    "BMP": (0, b"BM"),
    "WEBP": (8, b"WEBP"),
    "wav": (8, b"WAVE"),
    "avi": (8, b"AVI "),
    "mp3": (0, b"ID3"),
}
_QUICKTIME = (b"moov", b"mdat", b"wide", b"free", b"skip")
"""The boxes that begin a QuickTime file of before `ftyp`."""


def format_of(content: bytes) -> str:
    """Return the format of a file, or an empty string."""
    for name, (offset, signature) in _SIGNATURES.items():
        if content.startswith(signature, offset):
            return name
    box = content[4:8]
    if box == b"ftyp":  # ISO/IEC 14496-12
        return "mov" if content[8:12] == b"qt  " else "mp4"
    if box in _QUICKTIME:
        return "mov"
    return "mp3" if _is_mp3_frame(content[:4]) else ""


def _is_mp3_frame(head: bytes) -> bool:
    """Return whether a frame header begins here: sync word, a version, layer III (ISO/IEC 11172-3, 2.4.1.3)."""
    return len(head) == 4 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[1] & 0x18 != 0x08  # noqa: PLR2004
