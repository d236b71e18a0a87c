"""The routes of the page, for FastAPI: the page, its events, and the files that it loads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from anyio import CapacityLimiter
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse
from starlette.staticfiles import StaticFiles

from emoji_mock import __version__
from emoji_mock.media.thumbnails import thumbnail
from emoji_mock.server.dashboard import pictures
from emoji_mock.server.dashboard.pictures import PICTURES, UPLOADS
from emoji_mock.server.dashboard.regions import REGIONS
from emoji_mock.server.dashboard.render import render
from emoji_mock.server.dashboard.report import report_html
from emoji_mock.server.dashboard.stream import LOOKS, STREAMS, PageStream
from emoji_mock.server.dashboard.views import calls, try_picture
from emoji_mock.server.dashboard.views.one_call import call
from emoji_mock.server.own_pages import CLOSED
from emoji_mock.server.pages import CONTROL, REPORT

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator

    from emoji_mock.server.control.steered import SteeredFake

PAGE = f"{CONTROL}/page"
"""Where the parts of the page are."""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:;"
    " connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_CLOSED = {"content-security-policy": CLOSED, "cache-control": "no-store"}


def add_page(app: FastAPI, fake: SteeredFake, ending: asyncio.Event) -> None:
    """Add the page of `fake` to `app`. Its streams end when `ending` is set.

    No route that reads the store is a coroutine, so that they run in threads: a shared store may take long to answer.
    """
    open_streams, looks = set[PageStream](), CapacityLimiter(LOOKS)

    @app.get("/", include_in_schema=False)
    def page() -> Response:
        html = render("page", regions=REGIONS, version=__version__, base=PAGE, store_address=fake.store_address)
        return HTMLResponse(html, headers={"content-security-policy": _POLICY, "cache-control": "no-store"})

    @app.get(f"{PAGE}/events", include_in_schema=False)
    async def events(account: str = "*", outcome: str = "", text: str = "") -> Response:
        if len(open_streams) >= STREAMS:
            return Response(f"{STREAMS} pages are open; close one", 503, media_type="text/plain")
        stream = PageStream(fake, ending, calls.filter_of(account, outcome, text))
        open_streams.add(stream)

        async def body() -> AsyncGenerator[bytes]:
            try:
                async for made in stream.events(looks):
                    yield made
            finally:
                open_streams.discard(stream)

        return StreamingResponse(body(), media_type="text/event-stream", headers=_CLOSED)

    add_regions(app, fake)
    add_calls(app, fake)
    add_pictures(app, fake)
    app.mount(f"{PAGE}/static", StaticFiles(directory=Path(__file__).with_name("static")))


def add_regions(app: FastAPI, fake: SteeredFake) -> None:
    """Add each region by itself, and all of them as one file."""
    by_name = {region.name: region for region in REGIONS}

    @app.get(f"{PAGE}/regions/{{name}}", include_in_schema=False)
    def region(name: str) -> Response:
        if name not in by_name:
            return Response(f"no region {name!r}", 404, media_type="text/plain", headers=_CLOSED)
        fake.refresh()
        return HTMLResponse(by_name[name].html(fake), headers=_CLOSED)

    @app.get(REPORT, include_in_schema=False)
    def report(request: Request) -> Response:
        return HTMLResponse(report_html(fake, origin=str(request.base_url).rstrip("/")), headers=_CLOSED)


def add_calls(app: FastAPI, fake: SteeredFake) -> None:
    """Add the rows of calls that are not the newest."""

    @app.get(f"{PAGE}/calls", include_in_schema=False)
    def rows(before: int, after: int = 0, account: str = "*", outcome: str = "", text: str = "") -> Response:
        wanted = calls.filter_of(account, outcome, text)
        found = calls.view(fake, after, wanted=wanted, before=before, limit=calls.AT_FIRST)
        return HTMLResponse(render("calls", view=found), headers=_CLOSED)

    @app.get(f"{PAGE}/calls/{{number}}", include_in_schema=False)
    def one(request: Request, number: int) -> Response:
        shown = call.view(fake, number, str(request.base_url).rstrip("/"))
        if shown is None:
            return _missing(f"the journal does not hold call {number} any longer")
        return HTMLResponse(render("call", view=shown), headers=_CLOSED)


def add_pictures(app: FastAPI, fake: SteeredFake) -> None:
    """Add the pictures that the page shows."""

    @app.get(f"{PICTURES}/{{number}}", include_in_schema=False)
    def picture(number: int) -> Response:
        entry = calls.entry_of(fake.store, number)
        if entry is None:
            return _missing("the journal does not hold this call")
        return _shown(pictures.data_of(fake.store, entry))

    @app.get(UPLOADS, include_in_schema=False)
    def upload(key: str) -> Response:
        kept = fake.store.upload(key)
        return _shown(b"" if kept is None else kept.data)

    @app.get(f"{PAGE}/tried/{{request_id}}", include_in_schema=False)
    def tried(request_id: str) -> Response:
        answer = try_picture.answer(fake, request_id)
        if answer is None:
            return _missing("the journal does not hold this call")
        return HTMLResponse(render("tried", view=answer), headers=_CLOSED)


def _shown(data: bytes) -> Response:
    try:
        return Response(thumbnail(data), media_type="image/jpeg", headers=_CLOSED)
    except ValueError:
        return _missing("the picture is not held, or cannot be read")


def _missing(why: str) -> Response:
    return Response(why, 404, media_type="text/plain", headers=_CLOSED)
