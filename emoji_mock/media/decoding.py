"""How many scans a JPEG has. Each may ask for a pass over the whole picture, however few bytes it takes."""

_SCAN = b"\xff\xda"

SCANS = 64
"""How many scans a JPEG that is decoded may have; what encoders write has a dozen."""


def has_many_scans(kind: str | None, data: bytes) -> bool:
    """Say whether `data`, of Pillow's format `kind`, is a JPEG that would take very long to decode."""
    return kind in ("JPEG", "MPO") and data.count(_SCAN) > SCANS
