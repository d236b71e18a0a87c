"""The manual's pages on emoji-v1 and its tasks."""

from collections.abc import Callable
from typing import Any

import msgspec
from fastapi import FastAPI, Security
from fastapi.responses import Response
from fastapi.security import HTTPBearer

from emoji_mock.contract.endpoint import API_PREFIX, MEDIA_TYPE, RESULT_BUCKET, TASKS, VIDEO_MODEL, VIDEO_SYNTHESIS
from emoji_mock.contract.models.detection import GatewayError, ServiceError
from emoji_mock.contract.models.video import TaskCancelled, TaskCreated, TaskList, TaskTold, VideoRequest
from emoji_mock.contract.motions import Status
from emoji_mock.fake.responses import TASK_MEDIA_TYPE
from emoji_mock.server.control.models import RESOLVE, accepts, schema_of
from emoji_mock.server.openapi.examples import Examples, video_request

_ASYNC = {
    "name": "X-DashScope-Async",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "enum": ["enable"]},
}
_NAME = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
_TASK_ID = {"name": "task_id", "in": "path", "required": True, "schema": {"type": "string"}}


def add_task_routes(app: FastAPI, answer: Callable[[], Response], key: HTTPBearer, shown: Examples) -> None:
    """Describe the routes of tasks in `app`; `answer` makes the answer of the fake; `shown` are examples."""
    about: dict[str, Any] = {"tags": ["vendor"], "dependencies": [Security(key)], "response_class": Response}

    @app.post(
        f"{API_PREFIX}{VIDEO_SYNTHESIS}",
        summary=f"Make a video of a portrait ({VIDEO_MODEL})",
        responses=_says(TaskCreated, "The task was accepted.", {"accepted": shown.created}, MEDIA_TYPE, 500, 503),
        openapi_extra={**_video(), "parameters": [_ASYNC, RESOLVE]},
        **about,
    )
    async def video_synthesis() -> Response:
        """Create a task: face-detect's `bbox_face` goes in as `face_bbox`, its `ext_bbox_face` as `ext_bbox`."""
        return answer()

    _add_tasks(app, answer, shown, about)
    _add_video(app, answer)


def _add_tasks(app: FastAPI, answer: Callable[[], Response], shown: Examples, about: dict[str, Any]) -> None:
    @app.get(
        f"{API_PREFIX}{TASKS}",
        summary="List the tasks of the account",
        responses=_says(TaskList, "A page of tasks, the newest first.", {"a page": shown.listed}),
        openapi_extra={"parameters": _query()},
        **about,
    )
    async def list_tasks() -> Response:
        """List the tasks of the last 24 hours; times are `YYYYMMDDhhmmss` in China."""
        return answer()

    @app.get(
        f"{API_PREFIX}{TASKS}/{{task_id}}",
        summary="Ask how a task stands",
        responses=_says(
            TaskTold, "How it stands; UNKNOWN if it is another account's, or older than 24 hours.", shown.told
        ),
        openapi_extra={"parameters": [_TASK_ID]},
        **about,
    )
    async def get_task() -> Response:
        """Say how a task stands. One of an account runs at a time; about every 15 s is often enough to ask."""
        return answer()

    @app.post(
        f"{API_PREFIX}{TASKS}/{{task_id}}/cancel",
        summary="Cancel a task that waits",
        responses=_says(TaskCancelled, "It will not run.", {"cancelled": shown.cancelled}),
        openapi_extra={"parameters": [_TASK_ID]},
        **about,
    )
    async def cancel_task() -> Response:
        """Cancel a task, as long as it is PENDING."""
        return answer()


def _add_video(app: FastAPI, answer: Callable[[], Response]) -> None:
    @app.get(
        f"/{RESULT_BUCKET}/{{name}}.mp4",
        summary="Get a video",
        responses=_file(),
        openapi_extra={"parameters": [_NAME, *map(_signed, ("Expires", "OSSAccessKeyId", "Signature"))]},
        tags=["vendor"],
        response_class=Response,
    )
    async def get_video() -> Response:
        """Follow a `video_url`, which is signed and lasts 24 hours; ranges are answered with 206."""
        return answer()


def _file() -> dict[int | str, dict[str, Any]]:
    whole = {"description": "The video.", "content": {"video/mp4": {"schema": {"type": "string", "format": "binary"}}}}
    error = {"description": "An error.", "content": {"application/xml": {"schema": {"type": "string"}}}}
    return {200: whole, 206: whole, 403: error, 404: error}


def _signed(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": True, "schema": {"type": "string"}}


def _says(
    kind: Any,  # noqa: ANN401 - any type of msgspec's
    text: str,
    shown: dict[str, Any],
    media_type: str = TASK_MEDIA_TYPE,
    *more: int,
) -> dict[int | str, dict[str, Any]]:
    error = {"anyOf": [schema_of(GatewayError), schema_of(ServiceError)]}
    examples = {str(name): {"summary": str(name), "value": value} for name, value in shown.items()}
    return {
        200: _content(text, schema_of(kind), media_type, examples=examples),
        401: _content("No key, or a bad one.", error, MEDIA_TYPE),  # who looks at the key does not know the path yet
        **dict.fromkeys((400, 403, 429, *more), _content("An error.", error, media_type)),
    }


def _content(text: str, schema: dict[str, Any], media_type: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"description": text, "content": {media_type: {"schema": schema, **more}}}


def _video() -> dict[str, Any]:
    body = accepts(VideoRequest)
    body["requestBody"]["content"]["application/json"]["example"] = msgspec.to_builtins(video_request())
    return body


def _query() -> list[dict[str, Any]]:
    kinds: dict[str, dict[str, Any]] = {
        "page_no": {"type": "integer", "minimum": 1, "maximum": 10**8},
        "page_size": {"type": "integer", "minimum": 1, "maximum": 100},
        "start_time": {"type": "string", "format": "YYYYMMDDhhmmss", "examples": ["20261122000000"]},
        "end_time": {"type": "string", "format": "YYYYMMDDhhmmss", "examples": ["20261123000000"]},
        "model_name": {"type": "string"},
        "status": {"type": "string", "examples": list(Status)},  # any other finds nothing
    }
    return [{"name": name, "in": "query", "required": False, "schema": schema} for name, schema in kinds.items()]
