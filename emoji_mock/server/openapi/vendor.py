"""Describe the vendor's endpoints in OpenAPI: one route of FastAPI for each route of the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from fastapi import Security
from fastapi.responses import Response
from fastapi.security import HTTPBearer

from emoji_mock.contract.documents.detection import GatewayErrorResponse, ServiceErrorResponse
from emoji_mock.contract.endpoint import MEDIA_TYPE
from emoji_mock.contract.models import emoji
from emoji_mock.contract.row import Origin, Outcome
from emoji_mock.fake import responses
from emoji_mock.fake.endpoints.explain import SAMPLE_ID
from emoji_mock.server.control.schemas import schema_of
from emoji_mock.server.openapi.examples import FakeCaller

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fastapi import FastAPI

    from emoji_mock.contract.model import Model
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
    models = [one.model.name for one in endpoints if one.model is not None]
    app.add_api_route(
        route.full_path,
        answer_by_fake,
        methods=[route.methods[0]],
        name=str(route.name),
        tags=["vendor"],
        summary=", ".join(models) if len(models) > 1 else documents[0].summary,
        description="\n\n".join(
            f"**{one.summary}.** {one.description}" if len(documents) > 1 else one.description for one in documents
        ),
        dependencies=[Security(_KEY)] if "key" in route.criteria else [],
        response_class=Response,
        responses=_responses(endpoints, documents, registry),
        openapi_extra=_request(endpoints, documents),
    )


def _named(endpoint: Endpoint[Any], examples: Mapping[str, Any]) -> dict[str, Any]:
    """Return examples of a request or of a good answer, each under the name of its model."""
    model = f"{endpoint.model.name}: " if endpoint.model is not None else ""
    return {
        f"{model}{name}": {"summary": f"{model}{name}", "value": msgspec.to_builtins(value)}
        for name, value in examples.items()
    }


def _request(endpoints: list[Endpoint[Any]], documents: list[Documentation]) -> dict[str, Any]:
    parameters = {parameter.name: _parameter(parameter) for one in documents for parameter in one.parameters}
    extra: dict[str, Any] = {"parameters": list(parameters.values())} if parameters else {}
    examples: dict[str, Any] = {}
    for endpoint, one in zip(endpoints, documents, strict=True):
        examples |= _named(endpoint, one.request_examples)
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
    good: dict[str, Any] = {}
    for endpoint, one in zip(endpoints, documents, strict=True):
        if one.examples is not None:
            good |= _named(endpoint, one.examples(FakeCaller(registry)))
    described: Responses = {}
    for status in documents[0].success:
        text = "\n\n".join(dict.fromkeys(one.success[status] for one in documents if status in one.success))
        examples = good | _row_examples(endpoints, documents, status)
        described[status] = {"description": text, **_content(endpoints[0], documents, status, examples)}
    order = _key_order([one.model for one in endpoints if one.model is not None])
    statuses = {status for one in documents for status in (*(row.status for row in one.rows), *one.statuses)}
    for status in sorted(statuses):
        if status >= _FIRST_ERROR:
            media_type = _media_type(endpoints[0], status)
            schema = _schema(_ERRORS) if endpoints[0].route.json else {"type": "string"}
            examples = _row_examples(endpoints, documents, status)
            text = "No key, or a bad one; not billed." if status == _UNAUTHORIZED else f"Error; not billed.{order}"
            content = {"schema": schema, **({"examples": examples} if examples else {})}
            described[status] = {"description": text, "content": {media_type: content}}
    return described


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


def _row_examples(endpoints: list[Endpoint[Any]], documents: list[Documentation], status: int) -> dict[str, Any]:
    """Return an example of each row with `status`: of an error once, of a failed detection in each model's words."""
    shown: dict[str, Any] = {}
    for endpoint, one in zip(endpoints, documents, strict=True):
        for row in one.rows:
            if row.status == status:
                model = f"{endpoint.model.name}: " if endpoint.model and (row.models or _fails(row)) else ""
                shown.setdefault(f"{model if _fails(row) else ''}{row.name}", _row_example(row, endpoint.model, model))
    return shown


def _key_order(models: list[Model]) -> str:
    """Return which models put the request id first in errors of the service, where the models on a path differ."""
    first = [model.name for model in models if model.request_id_first]
    if not first or len(first) == len(models):
        return ""
    return f" Errors of the service begin with `request_id` for {', '.join(first)}, and end with it for the others."


def _fails(row: Row) -> bool:
    return row.outcome is Outcome.FAILED


def _row_example(row: Row, model: Model | None, prefix: str) -> dict[str, Any]:
    code = row.code if row.code in (row.name, None) else f"{row.code} ({row.name})"
    body = responses.refused(row, row.text(), SAMPLE_ID, status=row.status, model=model or emoji.DETECT)
    return {
        "summary": f"{prefix}{code or row.outcome}: {row.when}",
        "description": f"Known: {row.provenance}.",
        "value": body.decode() if row.origin is Origin.STORAGE else msgspec.json.decode(body),
    }


def _members(kind: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a model, a union of models, or None
    return () if kind is None else getattr(kind, "__args__", (kind,))


def _schema(*kinds: Any) -> dict[str, Any]:  # noqa: ANN401
    schemas = [schema_of(model) for model in dict.fromkeys(model for kind in kinds for model in _members(kind))]
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
