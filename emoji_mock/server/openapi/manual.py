"""The manual: a FastAPI application whose /docs describes the vendor's API and the control API, without a network.

On a path of the vendor's, the fake also sends the errors that FastAPI or Starlette would send.
"""

import asyncio
import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.docs import get_swagger_ui_html, get_swagger_ui_oauth2_redirect_html
from fastapi.openapi.utils import get_openapi
from fastapi.responses import RedirectResponse, Response
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from emoji_mock import __version__
from emoji_mock._support.terminal import escape_json
from emoji_mock._support.validation import unknown
from emoji_mock.fake.store.ports import StoreUnavailableError
from emoji_mock.server.control.api import control_router
from emoji_mock.server.control.probes import Scrape
from emoji_mock.server.control.problems import BadInputError, Problem, Problems
from emoji_mock.server.control.route import ControlRoute
from emoji_mock.server.control.schemas import components
from emoji_mock.server.control.steered import SteeredFake
from emoji_mock.server.dashboard.routes import add_page
from emoji_mock.server.openapi.about import about
from emoji_mock.server.openapi.vendor import add_vendor_routes, vendor_models
from emoji_mock.server.own_pages import CLOSED
from emoji_mock.server.pages import CONTROL, is_own

_STATIC = f"{CONTROL}/static"
_TAGS = [
    {"name": "vendor", "description": "What the vendor offers, under `/api/v1` or without it."},
    {
        "name": "control",
        "description": "Ours: which requests came, what they would have cost, and what is answered next.",
    },
]


class _ByTheFake(Response):
    """A response that `vendor` sends in place of FastAPI."""

    def __init__(self, vendor: ASGIApp) -> None:
        super().__init__()
        self.vendor = vendor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.vendor(scope, receive, send)


def create_app(
    fake: SteeredFake, vendor: ASGIApp, ending: asyncio.Event | None, scrape: Scrape | None = None
) -> FastAPI:
    """Return the FastAPI application with page, manual and control API of `fake`; `vendor` answers the vendor's routes.

    The streams of open pages end when `ending` is set; without it there is no page, and the root leads to the manual.
    `scrape` returns the metrics, if there are any.
    """
    app = FastAPIOffline(
        docs_url=None,  # `_add_docs` adds it, with a policy for its script
        redoc_url=None,
        static_url=_STATIC,
        title="emoji-mock",
        version=__version__,
        description=about(),
        openapi_tags=_TAGS,
        redirect_slashes=False,
        swagger_ui_parameters={"defaultModelsExpandDepth": -1, "docExpansion": "list", "tryItOutEnabled": True},
        # 0.163+ would otherwise trace into the tracer of the program that embeds the fake.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    control = control_router(fake, scrape)
    app.include_router(control)
    add_vendor_routes(app, fake.registry, lambda: _ByTheFake(vendor))
    _add_handlers(app, vendor, [*app.routes, *control.routes])
    models = [*vendor_models(fake.registry), *_control_models(control.routes)]
    app.openapi = lambda: _openapi(app, models)  # type: ignore[method-assign]  # the way FastAPI documents

    _add_docs(app)

    if ending is None:
        app.add_route("/", lambda _: RedirectResponse("/docs"), include_in_schema=False)
    else:
        add_page(app, fake, ending)
    return app


def _add_docs(app: FastAPI) -> None:
    page = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="emoji-mock - Swagger UI",
        oauth2_redirect_url="/docs/oauth2-redirect",
        swagger_js_url=f"{_STATIC}/swagger-ui-bundle.js",
        swagger_css_url=f"{_STATIC}/swagger-ui.css",
        swagger_favicon_url=f"{_STATIC}/favicon.png",
        swagger_ui_parameters=app.swagger_ui_parameters,
    )
    for path, html in (("/docs", page), ("/docs/oauth2-redirect", get_swagger_ui_oauth2_redirect_html())):
        html.headers["content-security-policy"] = _policy(bytes(html.body))
        app.add_route(path, _sent(html), include_in_schema=False)


def _sent(html: Response) -> Callable[[Request], Response]:
    return lambda _: html


def _policy(page: bytes) -> str:
    """Return the content security policy of a page that loads from this server alone, with its own inline scripts.

    Swagger UI sets styles inline, and shows icons from `data:` URLs.
    """
    scripts = re.findall(rb"<script>(.*?)</script>", page, re.DOTALL)
    hashes = " ".join(f"'sha256-{b64encode(sha256(script).digest()).decode()}'" for script in scripts)
    return (
        f"{CLOSED}; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
        " connect-src 'self'"
    )


def _add_handlers(app: FastAPI, vendor: ASGIApp, routes: list[BaseRoute]) -> None:
    async def not_ours(request: Request, error: Exception) -> Response:
        if not is_own(request.url.path):
            return _ByTheFake(vendor)
        assert isinstance(error, HTTPException)  # noqa: S101 - what it is registered for
        if error.status_code != 405:  # noqa: PLR2004
            problem = unknown("page", request.url.path, _pages(routes))
            return _problems(Problems([Problem("path", problem)]), error.status_code)
        allow = ", ".join(sorted(_methods(routes, request)))
        return _problems(Problems([Problem("method", f"must be {allow}, not {request.method}")]), 405, {"allow": allow})

    async def bad_query(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        wrong = [Problem(str(each["loc"][-1]), _in_our_words(each["msg"])) for each in error.errors()]
        return _problems(Problems(wrong), 422)

    async def bad_input(_: Request, error: Exception) -> Response:
        assert isinstance(error, BadInputError)  # noqa: S101
        return _problems(error.problems, error.status)

    async def no_store(_: Request, error: Exception) -> Response:
        return _problems(Problems([Problem("store", str(error))]), 503)

    app.add_exception_handler(HTTPException, not_ours)
    app.add_exception_handler(RequestValidationError, bad_query)
    app.add_exception_handler(BadInputError, bad_input)
    app.add_exception_handler(StoreUnavailableError, no_store)


def _pages(routes: list[BaseRoute]) -> list[str]:
    paths = [route.path for route in routes if isinstance(route, Route)]
    return list(dict.fromkeys(path for path in paths if path.startswith(f"{CONTROL}/")))


def _methods(routes: list[BaseRoute], request: Request) -> set[str]:
    # Starlette names only those of the first route that fits the path.
    methods = {
        method
        for route in routes
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
        for method in route.methods or ()
    } or {"GET"}  # a static file
    return methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())


def _problems(problems: Problems, status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(escape_json(msgspec.json.encode(problems)), status, headers, media_type="application/json")


def _control_models(routes: list[BaseRoute]) -> list[Any]:
    return [model for route in routes if isinstance(route, ControlRoute) for model in route.models]


def _openapi(app: FastAPI, models: list[Any]) -> dict[str, Any]:
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes, tags=app.openapi_tags
        )
        document.setdefault("components", {})["schemas"] = components(models)
        app.openapi_schema = document
    return app.openapi_schema


def _in_our_words(message: str) -> str:
    """Return what Pydantic says of a parameter as other messages say it: "must be a whole number"."""
    said = re.sub(r"^\w+ should ", "must ", message.partition(", unable")[0])
    return said.replace("a valid integer", "a whole number").replace("items after validation", "characters")
