"""Describe the vendor's endpoints in OpenAPI: one route of FastAPI for each route of the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from fastapi import Security
from fastapi.responses import Response
from fastapi.security import HTTPBearer

from emoji_mock.contract.documents.detection import GatewayErrorResponse, ServiceErrorResponse
from emoji_mock.contract.endpoint import MEDIA_TYPE
from emoji_mock.contract.row import Origin
from emoji_mock.fake.endpoints.explain import SAMPLE_ID, explain
from emoji_mock.server.openapi.examples import FakeCaller
from emoji_mock.server.schemas import schema_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI

    from emoji_mock.contract.row import Row
    from emoji_mock.fake.endpoints.documentation import Documentation, Parameter
    from emoji_mock.fake.endpoints.endpoint import Endpoint
    from emoji_mock.fake.endpoints.registry import EndpointRegistry

    Responses = dict[int | str, dict[str, Any]]

_KEY = HTTPBearer(auto_error=False, scheme_name="API key", description="Any key will do.")
_FIRST_ERROR = 400
_UNAUTHORIZED = 401
_ERRORS = GatewayErrorResponse | ServiceErrorResponse


def add_vendor_routes(app: FastAPI, registry: EndpointRegistry, answer: Callable[[], Response]) -> None:
    """Add to `app` a route for each route of `registry` with documentation; `answer` makes the answer of the fake."""
    for name in registry.routes:
        endpoints = [one for one in registry.endpoints if one.route.name == name and one.documentation is not None]
        if endpoints:
            _add_route(app, endpoints, registry, answer)


def vendor_models(registry: EndpointRegistry) -> list[Any]:
    """Return every model of a body that the endpoints of `registry` send or take."""
    documented = [endpoint.documentation for endpoint in registry.endpoints if endpoint.documentation is not None]
    return [
        *_members(_ERRORS),
        *(model for one in documented for kind in (one.request, one.response) for model in _members(kind)),
    ]


def _add_route(
    app: FastAPI, endpoints: list[Endpoint[Any]], registry: EndpointRegistry, answer: Callable[[], Response]
) -> None:
    async def answer_by_fake() -> Response:  # the fake reads the request from the socket itself
        return answer()

    route, documents = endpoints[0].route, [one.documentation for one in endpoints if one.documentation is not None]
    app.add_api_route(
        route.full_path,
        answer_by_fake,
        methods=[route.methods[0]],
        name=str(route.name),
        tags=["vendor"],
        summary=documents[0].summary,
        description="\n\n".join(
            [documents[0].description, *(f"**{one.summary}.** {one.description}" for one in documents[1:])]
        ),
        dependencies=[Security(_KEY)] if "key" in route.criteria else [],
        response_class=Response,
        responses=_responses(endpoints, documents, registry),
        openapi_extra=_request(documents),
    )


def _request(documents: list[Documentation]) -> dict[str, Any]:
    parameters = {parameter.name: _parameter(parameter) for one in documents for parameter in one.parameters}
    extra: dict[str, Any] = {"parameters": list(parameters.values())} if parameters else {}
    examples = {
        name: {"summary": name, "value": msgspec.to_builtins(value)}
        for one in documents
        for name, value in one.request_examples.items()
    }
    form = documents[0].form
    if form is not None:
        extra["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": form}}}
    elif documents[0].request is not None:
        content = {"schema": _schema(*(one.request for one in documents)), "examples": examples}
        extra["requestBody"] = {"required": True, "content": {MEDIA_TYPE: content}}
    return extra


def _parameter(parameter: Parameter) -> dict[str, Any]:
    described = {"description": parameter.description} if parameter.description else {}
    return {
        "name": parameter.name,
        "in": parameter.where,
        "required": parameter.required,
        "schema": parameter.schema,
        **described,
    }


def _responses(endpoints: list[Endpoint[Any]], documents: list[Documentation], registry: EndpointRegistry) -> Responses:
    first = documents[0]
    rows = list(dict.fromkeys(row for one in documents for row in one.rows))
    good: dict[str, Any] = {}
    for one in documents:
        if one.examples is not None:
            good |= {
                name: {"summary": name, "value": value} for name, value in one.examples(FakeCaller(registry)).items()
            }
    responses: Responses = {}
    for status, text in first.success.items():
        examples = good | _row_examples([row for row in rows if row.status == status], registry)
        responses[status] = {"description": text, **_content(endpoints[0], documents, status, examples)}
    for status in sorted({row.status for row in rows} | {status for one in documents for status in one.statuses}):
        if status >= _FIRST_ERROR:
            media_type = _media_type(endpoints[0], status)
            schema = _schema(_ERRORS) if endpoints[0].route.json else {"type": "string"}
            examples = _row_examples([row for row in rows if row.status == status], registry)
            text = "No key, or a bad one; not billed." if status == _UNAUTHORIZED else "Error; not billed."
            content = {"schema": schema, **({"examples": examples} if examples else {})}
            responses[status] = {"description": text, "content": {media_type: content}}
    return responses


def _content(
    endpoint: Endpoint[Any], documents: list[Documentation], status: int, examples: dict[str, Any]
) -> dict[str, Any]:
    if documents[0].binary:
        return {"content": {documents[0].binary: {"schema": {"type": "string", "format": "binary"}}}}
    if documents[0].response is None:
        return {}
    content = {"schema": _schema(*(one.response for one in documents)), "examples": examples}
    return {"content": {_media_type(endpoint, status): content}}


def _media_type(endpoint: Endpoint[Any], status: int) -> str:
    return dict(endpoint.headers(SAMPLE_ID, status, 0.0, 0.0))["content-type"]


def _row_examples(rows: list[Row], registry: EndpointRegistry) -> dict[str, Any]:
    return {
        row.name: {
            "summary": f"{row.code} ({row.name}): {row.when}" if row.name != row.code else f"{row.code}: {row.when}",
            "description": f"Known: {row.provenance}.",
            "value": _body(row, registry),
        }
        for row in rows
    }


def _body(row: Row, registry: EndpointRegistry) -> Any:  # noqa: ANN401 - JSON, or XML as text
    body = explain(row, registry).body
    return body if row.origin is Origin.STORAGE else msgspec.json.decode(body)


def _members(kind: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a model, a union of models, or None
    return () if kind is None else getattr(kind, "__args__", (kind,))


def _schema(*kinds: Any) -> dict[str, Any]:  # noqa: ANN401
    schemas = [schema_of(model) for model in dict.fromkeys(model for kind in kinds for model in _members(kind))]
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
