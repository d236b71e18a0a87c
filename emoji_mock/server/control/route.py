"""A route of the control API: the annotations of its function declare what it takes and sends, and FastAPI shows them.

FastAPI's own models are pydantic's; ours are msgspec's, which validate strictly and encode fast.
"""

from collections.abc import Callable, Coroutine
from inspect import Parameter, iscoroutinefunction, signature
from re import split
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

import msgspec
from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from emoji_mock._support.terminal import escape_json
from emoji_mock._support.validation import unknown
from emoji_mock.fake.accounting.api_keys import redact
from emoji_mock.server.control.problems import BadInputError, Problems, read_body
from emoji_mock.server.control.schemas import schema_of

BODY = object()
"""Marks the parameter that is read from the JSON body: `rule: Annotated[Rule, BODY]`."""
REDACTED = object()
"""Marks a result that may hold a key by mistake: `-> Annotated[Scenario, REDACTED]`."""
_JSON, _TEXT = "application/json", "text/plain"
_REQUEST = "request"
_ERRORS = {
    403: "A page of another site, or a host that a browser must not use.",
    404: "There is nothing of this name.",
    413: "The body is too long.",
    415: "The body is not declared as JSON.",
    422: "A parameter or a field is wrong.",
    503: "The store is shared, and its engine cannot be reached.",
}


class Text(NamedTuple):
    """A result that is sent as it is."""

    content: bytes
    media_type: str


class ControlRoute(APIRoute):
    """A route that refuses unknown query parameters: a misspelt `?namspace=` would otherwise mean every namespace.

    Its summary is the beginning of the docstring. `models` are the types of its documents. `responses` describes
    refusals that other routes do not have. A function that reads or changes the fake's state must be no coroutine: it
    then runs in a thread, where it may wait for a shared store.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **settings: Any) -> None:  # noqa: ANN401 - FastAPI's own
        hints = get_type_hints(endpoint, include_extras=True)
        self.result = hints["return"]
        body = next((name for name, hint in hints.items() if BODY in get_args(hint)), None)
        self.body: Any = None if body is None else _bare(hints[body])
        result = _bare(self.result)
        self.models = [one for one in (result, Problems, self.body) if one not in (None, Text)]
        status = settings.get("status_code") or 200
        errors = [403, 422, *([413, 415] if body else []), *([404] if "{" in path else [])]
        errors += [] if iscoroutinefunction(endpoint) else [503]
        settings["summary"] = settings.get("summary") or split("[;:.]", endpoint.__doc__ or "", maxsplit=1)[0]
        own: dict[int, dict[str, str]] = settings.get("responses") or {}
        refusals = {code: _ERRORS[code] for code in errors} | {code: one["description"] for code, one in own.items()}
        settings["responses"] = {
            status: _described(settings["response_description"], result),
            **{code: _described(refusals[code], Problems) for code in sorted(refusals)},
        }
        settings["response_model"] = None
        if self.body is not None:
            content = {_JSON: {"schema": schema_of(self.body)}}
            settings["openapi_extra"] = {"requestBody": {"required": True, "content": content}}
        super().__init__(path, self._answering(endpoint, body, status), **settings)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the function that answers a request; it checks the names of the query parameters first."""
        answer, known = super().get_route_handler(), self._parameters()

        async def check_names(request: Request) -> Response:
            for name in request.query_params:
                if name not in known:
                    raise BadInputError(name, unknown("parameter", name, known) if known else "must be left out")
            return await answer(request)

        return check_names

    def _parameters(self) -> list[str]:
        return [
            name
            for name, parameter in signature(self.endpoint).parameters.items()
            if parameter.annotation is not Request and f"{{{name}}}" not in self.path
        ]

    def _answering(self, endpoint: Callable[..., Any], body: str | None, status: int) -> Callable[..., Any]:
        """Return a function for FastAPI: it reads the body, calls `endpoint` and encodes what that returns."""
        redacted, parameters = REDACTED in get_args(self.result), signature(endpoint).parameters

        async def answer(request: Request, **arguments: Any) -> Response:  # noqa: ANN401 - as FastAPI has parsed them
            if body is not None:
                arguments[body] = await read_body(request, self.body)
            if _REQUEST in parameters:
                arguments[_REQUEST] = request
            if iscoroutinefunction(endpoint):
                document = await endpoint(**arguments)
            else:
                document = await run_in_threadpool(endpoint, **arguments)
            if isinstance(document, Text):
                return Response(document.content, status, media_type=document.media_type)
            content = msgspec.json.encode(document)
            return Response(
                escape_json(redact(content.decode()).encode() if redacted else content), status, media_type=_JSON
            )

        taken = [one for name, one in parameters.items() if name not in (body, _REQUEST)]
        request = Parameter(_REQUEST, Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)
        answer.__signature__ = signature(endpoint).replace(  # type: ignore[attr-defined]  # PEP 362
            parameters=[request, *taken], return_annotation=Response
        )
        answer.__name__, answer.__doc__ = endpoint.__name__, endpoint.__doc__
        return answer


def _bare(hint: Any) -> Any:  # noqa: ANN401 - any annotation
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _described(description: str, kind: Any) -> dict[str, Any]:  # noqa: ANN401 - any type that msgspec supports
    content = {_TEXT: {"schema": schema_of(str)}} if kind is Text else {_JSON: {"schema": schema_of(kind)}}
    return {"description": description, "content": content}
