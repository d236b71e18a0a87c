"""What monitoring asks: whether the fake is alive, whether it is ready for calls, and its metrics."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from emoji_mock import __version__
from emoji_mock.fake.accounting.call_filter import NO_CALL
from emoji_mock.server.control.models import Health, Ready
from emoji_mock.server.control.problems import BadInputError
from emoji_mock.server.control.route import Text
from emoji_mock.server.control.steered import SteeredFake

Scrape = Callable[[str], tuple[bytes, str]]
"""Returns the metrics and their media type, by the header Accept of the request."""


def add_probes(router: APIRouter, fake: SteeredFake, scrape: Scrape | None) -> None:
    """Add the routes for monitoring; `scrape` is None where nothing is measured."""

    @router.get("/health", response_description="The fake is alive.")
    async def health() -> Health:
        """Report that the fake is running."""
        return Health("ok", __version__)

    @router.get("/ready", response_description="The fake can answer calls.")
    def ready() -> Ready:
        """Report that the fake can answer calls: its store can be reached."""
        fake.store.latest_calls(after=NO_CALL)
        return Ready("ready", __version__)

    @router.get(
        "/metrics",
        response_description="The metrics, in the text format of Prometheus.",
        responses={404: {"description": "The server measures nothing."}},
    )
    async def metrics(request: Request) -> Text:
        """Read the metrics; only where the server was started with `--metrics`."""
        if scrape is None:
            raise BadInputError("metrics", "nothing is measured; start the server with --metrics", 404)
        return Text(*await run_in_threadpool(scrape, request.headers.get("accept", "")))
