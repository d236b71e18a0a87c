"""The manual's pages on uploads: getPolicy, and the form that the storage takes."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Security
from fastapi.responses import Response
from fastapi.security import HTTPBearer

from emoji_mock.contract import samples
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.endpoint import (
    API_PREFIX,
    MODELS,
    POLICY_SECONDS,
    STORAGE_BUCKET,
    STORAGE_HOST,
    UPLOADS,
)
from emoji_mock.contract.models.detection import GatewayError, ServiceError
from emoji_mock.contract.models.uploads import PolicyGranted
from emoji_mock.contract.row import Origin, Row
from emoji_mock.server.control.models import schema_of
from emoji_mock.server.openapi.examples import Examples

_FIELDS = ("OSSAccessKeyId", "Signature", "policy", "key", "x-oss-object-acl", "x-oss-forbid-overwrite")


def add_upload_routes(app: FastAPI, answer: Callable[[], Response], key: HTTPBearer, shown: Examples) -> None:
    """Describe the routes of uploads in `app`; `answer` makes the answer of the fake; `shown` are examples."""

    @app.get(
        f"{API_PREFIX}{UPLOADS}",
        tags=["vendor"],
        summary="Get permission to upload a picture",
        dependencies=[Security(key)],
        response_class=Response,
        responses=_granted(shown.policy),
        openapi_extra={"parameters": _query()},
    )
    async def get_policy() -> Response:
        """Return a policy, good for 300 seconds and for one model; then post the picture to its `upload_host`."""
        return answer()

    @app.post(
        f"/{STORAGE_BUCKET}",
        tags=["vendor"],
        summary="Upload a picture",
        response_class=Response,
        responses=_stored(),
        openapi_extra={"requestBody": _form()},
    )
    async def post_object() -> Response:
        """Take a picture by a form that holds the policy's fields; there is no key. The file comes last.

        Then send `oss://<key>` as the picture's URL, with `X-DashScope-OssResourceResolve: enable`, within 48 hours.
        The vendor's storage is a host of its own; this server takes uploads here, as its policies say.
        """
        return answer()


def _query() -> list[dict[str, Any]]:
    # Declared in the signature, they would bring FastAPI's own 422.
    told = {"action": ["getPolicy"], "model": sorted(MODELS)}
    return [
        {"name": name, "in": "query", "required": True, "schema": {"type": "string", "enum": values}}
        for name, values in told.items()
    ]


def _granted(example: object) -> dict[int | str, dict[str, Any]]:
    error = _says("An error.", {"anyOf": [schema_of(GatewayError), schema_of(ServiceError)]})
    policy = _says(f"A policy for {POLICY_SECONDS} seconds.", schema_of(PolicyGranted), example=example)
    return {200: policy, 400: error, 401: error, 403: error, 429: error}


def _says(text: str, schema: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": schema, **more}}}


def _stored() -> dict[int | str, dict[str, Any]]:
    by_status: dict[int, list[Row]] = {}
    for row in ROWS:
        if row.origin is Origin.STORAGE and row.host == STORAGE_HOST:
            by_status.setdefault(row.status, []).append(row)
    done: dict[int | str, dict[str, Any]] = {
        200: {"description": "Stored; the body is empty."},
        204: {"description": "Stored, by default."},
    }
    refused: dict[int | str, dict[str, Any]] = {
        status: {
            "description": "An error.",
            "content": {"application/xml": {"schema": {"type": "string"}, "examples": _examples(rows)}},
        }
        for status, rows in sorted(by_status.items())
    }
    return {**done, **refused}


def _examples(rows: list[Row]) -> dict[str, Any]:
    return {
        row.name: {"summary": f"{row.code}: {row.when}", "value": samples.response(row.name)["body"]} for row in rows
    }


def _form() -> dict[str, Any]:
    properties: dict[str, Any] = {name: {"type": "string"} for name in _FIELDS}
    properties["success_action_status"] = {"type": "string", "enum": ["200", "201", "204"]}
    properties["file"] = {"type": "string", "format": "binary"}
    schema = {"type": "object", "required": [*_FIELDS[:4], "file"], "properties": properties}
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
