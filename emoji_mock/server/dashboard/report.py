"""Write the page as one self-contained file: for people who look at a run when it is over, and for archives of CI."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs, urlsplit

from markupsafe import Markup

from emoji_mock import __version__
from emoji_mock.media.thumbnails import thumbnail
from emoji_mock.server.dashboard.pictures import PICTURES, UPLOADS, data_of
from emoji_mock.server.dashboard.regions import REGIONS
from emoji_mock.server.dashboard.render import render
from emoji_mock.server.dashboard.views import calls
from emoji_mock.server.dashboard.views.one_call import call

if TYPE_CHECKING:
    from emoji_mock.server.control.steered import SteeredFake

ROWS = 1000
"""How many of the newest calls are listed."""
DETAILS = 200
"""How many of them are shown whole."""
PICTURE_BYTES = 8 * 1024 * 1024
"""How many bytes of pictures are in a file."""
_LIVE_ONLY = frozenset({"try", "time"})
_STATIC = Path(__file__).with_name("static")
_STYLES = ("page.css", "pictures.css", "panels.css", "calls.css", "report.css")
_PICTURE = re.compile(rf'(?P<name>href|src)="(?P<path>{PICTURES}/(?P<number>\d+)|{UPLOADS}\?[^"]*)"')
"""The addresses of pictures in what the templates render: they escape quotation marks in every value."""


class Part(NamedTuple):
    """A region of the report: its name, its heading and its HTML."""

    name: str
    title: str
    html: Markup


def report_html(fake: SteeredFake, *, title: str = "emoji-mock", account: str = "Account", origin: str = "") -> str:
    """Return the report of `fake` as one HTML file that loads nothing.

    `account` is the heading of the column of accounts, and `origin` the address of the server, for its `curl` commands.
    What is left out for its size is said in the file.
    """
    fake.refresh()
    rows = calls.view(fake, limit=ROWS)
    details = [call.view_of_call(fake, row.entry, origin) for row in rows.rows[:DETAILS]]
    parts = [
        Part(region.name, region.title, Markup(region.html(fake, live=False)))  # noqa: S704 - rendered with escapes
        for region in REGIONS
        if region.name not in _LIVE_ONLY
    ]
    style = "\n".join((_STATIC / name).read_text("utf-8") for name in _STYLES)
    script = (_STATIC / "report.js").read_text("utf-8")
    html = render(
        "report",
        live=False,
        title=title,
        account=account,
        version=__version__,
        view=rows,
        details=details,
        parts=parts,
        style=Markup(style),  # noqa: S704 - our own files
        script=Markup(script),  # noqa: S704
        policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; img-src data:",
    )
    return _Pictures(fake).embed(html)


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


class _Pictures:
    """Puts the pictures that the server of `fake` would send into a file, up to PICTURE_BYTES."""

    def __init__(self, fake: SteeredFake) -> None:
        self._fake = fake
        self._room = PICTURE_BYTES

    def embed(self, html: str) -> str:
        """Return `html` with the pictures themselves for their addresses; with nothing for those without room."""
        return _PICTURE.sub(self._embedded, html)

    def _embedded(self, found: re.Match[str]) -> str:
        try:
            small = thumbnail(self._data(found))
        except ValueError:
            small = b""
        self._room -= len(small)
        return f'{found["name"]}="data:image/jpeg;base64,{b64encode(small).decode()}"' if self._room >= 0 else ""

    def _data(self, found: re.Match[str]) -> bytes:
        store = self._fake.store
        if found["number"] is None:
            upload = store.upload(parse_qs(urlsplit(found["path"]).query).get("key", [""])[0])
            return b"" if upload is None else upload.data
        entry = calls.entry_of(store, int(found["number"]))
        return b"" if entry is None else data_of(store, entry)
