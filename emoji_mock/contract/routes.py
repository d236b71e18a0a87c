"""The routes of the vendor's endpoints: methods, path and host of each, and the criteria that a rule can compare."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from emoji_mock.contract.endpoint import AA_DETECT as AA_DETECT_PATH
from emoji_mock.contract.endpoint import AA_TEMPLATE as AA_TEMPLATE_PATH
from emoji_mock.contract.endpoint import (
    API_PREFIX,
    OTHER_SERVICES,
    RESULT_HOST,
    STORAGE_HOST,
    EndpointName,
)
from emoji_mock.contract.endpoint import FACE_DETECT as FACE_DETECT_PATH
from emoji_mock.contract.endpoint import TASKS as TASKS_PATH
from emoji_mock.contract.endpoint import UPLOADS as UPLOADS_PATH
from emoji_mock.contract.endpoint import VIDEO_SYNTHESIS as VIDEO_SYNTHESIS_PATH

_PARAMETER = re.compile(r"\\{\w+\\}")


@dataclass(frozen=True, kw_only=True, eq=False)
class Route:
    """A place where one endpoint, or one for each model, answers.

    `path` has no API prefix; `{name}` is any one segment. With a `host` of its own the route owns every path there,
    and every path under the bucket's name at any other host; `path` is then the usual one.
    """

    name: EndpointName | None
    methods: tuple[str, ...]
    path: str
    host: str = ""
    criteria: frozenset[str] = frozenset({"key"})
    """What a rule can compare: `key`, `model`, `image_url` (of a video that is animated, its URL)."""
    detects: bool = False
    """Whether a picture or a video is inspected here, so that a call, or its task, can end in passed or failed."""
    json: bool = True
    """Whether answers are JSON."""
    paths: tuple[str, ...] = ()
    """The paths of a route that has several, in place of `path`."""

    @property
    def bucket(self) -> str:
        """The first label of the route's own host, which is a path's first segment at any other host."""
        return self.host.partition(".")[0]

    @property
    def full_path(self) -> str:
        """The path of a request to a server of any name."""
        return f"/{self.bucket}{self.path}" if self.host else f"{API_PREFIX}{self.path}"

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern of request paths, normalised and without the API prefix."""
        if self.host:
            rest = "/.*" if self.path else "(?:/.*)?"
            return re.compile(f"/{re.escape(self.bucket)}{rest}", re.DOTALL)
        return re.compile(_PARAMETER.sub("[^/]+", re.escape(self.path)))


FACE_DETECT = Route(
    name=EndpointName.FACE_DETECT,
    methods=("POST",),
    path=FACE_DETECT_PATH,
    criteria=frozenset({"key", "model", "image_url"}),
    detects=True,
)
AA_DETECT = Route(
    name=EndpointName.AA_DETECT,
    methods=("POST",),
    path=AA_DETECT_PATH,
    criteria=frozenset({"key", "model", "image_url"}),
    detects=True,
)
VIDEO_SYNTHESIS = Route(
    name=EndpointName.VIDEO_SYNTHESIS,
    methods=("POST",),
    path=VIDEO_SYNTHESIS_PATH,
    criteria=frozenset({"key", "model", "image_url"}),
    detects=True,
)
AA_TEMPLATE = Route(
    name=EndpointName.AA_TEMPLATE,
    methods=("POST",),
    path=AA_TEMPLATE_PATH,
    criteria=frozenset({"key", "model", "image_url"}),
    detects=True,
)
UPLOADS = Route(name=EndpointName.UPLOADS, methods=("GET",), path=UPLOADS_PATH, criteria=frozenset({"key", "model"}))
STORAGE = Route(
    name=EndpointName.STORAGE,
    methods=("POST",),
    path="",
    host=STORAGE_HOST,
    criteria=frozenset({"model"}),
    json=False,
)
STORAGE_PREFLIGHT = Route(name=EndpointName.STORAGE, methods=("OPTIONS",), path="", host=STORAGE_HOST, json=False)
TASKS = Route(name=EndpointName.TASKS, methods=("GET",), path=TASKS_PATH)
TASK = Route(
    name=EndpointName.TASK, methods=("GET",), path=f"{TASKS_PATH}/{{task_id}}", criteria=frozenset({"key", "model"})
)
CANCEL_TASK = Route(name=EndpointName.CANCEL_TASK, methods=("POST",), path=f"{TASKS_PATH}/{{task_id}}/cancel")
VIDEO = Route(
    name=EndpointName.VIDEO,
    methods=("GET", "HEAD"),
    path="/{name}.mp4",
    host=RESULT_HOST,
    criteria=frozenset({"model", "image_url"}),
    json=False,
)
OTHER_SERVICE = Route(name=None, methods=("POST",), path="", paths=OTHER_SERVICES)
"""Any service of the vendor's beside those above."""
UNKNOWN = Route(name=None, methods=(), path="")
"""Any other path."""

ROUTES = {
    route.name: route
    for route in (
        FACE_DETECT,
        AA_DETECT,
        UPLOADS,
        STORAGE,
        VIDEO_SYNTHESIS,
        AA_TEMPLATE,
        CANCEL_TASK,
        TASK,
        TASKS,
        VIDEO,
    )
    if route.name
}
"""Every route by its name."""


def origin_form(target: str) -> str:
    """Return the path and query of a request target, which may be in absolute form (RFC 9112, 3.2)."""
    return target if target.startswith("/") else "/" + target.partition("://")[2].partition("/")[2]


def describe_unknown_path(target: str) -> str:
    """Return what is wrong with a request target that no route has, and what to do, or "" if that is not known."""
    path = origin_form(target.partition("?")[0])
    if "//" in path:
        return "the path has an empty segment; end the base URL without a slash"
    if path.count(API_PREFIX) > 1:
        return f"the path has {API_PREFIX} twice; the program adds it to its base URL itself"
    if "/compatible-mode/" in path or path.startswith(("/v1/", "/chat/")):
        return f"the fake serves the vendor's own API under {API_PREFIX}, not the one that is compatible with OpenAI's"
    return ""


def describe_other_service(target: str) -> str:
    """Return what to do about a request target that is another service's, or "" if it is none."""
    path = origin_form(target.partition("?")[0]).removeprefix(API_PREFIX).removesuffix("/")
    if path not in OTHER_SERVICE.paths:
        return ""
    return (
        "this path is another service's, which serves none of these models; VideoSynthesis of the official SDK calls"
        f" {VIDEO_SYNTHESIS.path} with task='image2video'"
    )
