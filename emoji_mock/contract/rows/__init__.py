"""The table: every answer other than passed that the vendor is known to give around detections, uploads and videos.

Messages are copied, the vendor's typos and its full-width exclamation mark included. The order within a code matters:
the code alone means its first row. Each row says how it is known; `provenance` names the sources.
"""

from emoji_mock.contract.row import Row
from emoji_mock.contract.rows import (
    animate_anyone,
    emo,
    failed,
    gateway,
    liveportrait,
    results,
    service,
    storage,
    wan_s2v,
)

ROWS: tuple[Row, ...] = tuple(
    row
    for module in (failed, service, gateway, storage, results, emo, wan_s2v, liveportrait, animate_anyone)
    for row in vars(module).values()
    if isinstance(row, Row)
)
"""Every row, in the order of the table."""
