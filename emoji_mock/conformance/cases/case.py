"""A case of the contract: one request, the answers that the contract allows, and the source of that promise."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias, TypedDict, Unpack

from emoji_mock.conformance.cases.payloads import AUTHORIZATION, JSON_CONTENT
from emoji_mock.conformance.cases.placeholders import FILLER, PICTURE, UPLOAD_HOST, VIDEO_FILE
from emoji_mock.contract.endpoint import (
    API_PREFIX,
    FACE_DETECT,
    MODEL,
    RATIO,
    RESULT_BUCKET,
    TASKS,
    UPLOADS,
    VIDEO_SYNTHESIS,
)
from emoji_mock.contract.models import MODELS, TASK_MODELS, row_at
from emoji_mock.contract.provenance import Known, Provenance
from emoji_mock.contract.row import Outcome, Row
from emoji_mock.contract.rows import failed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emoji_mock.conformance.cases.documents import Shape
    from emoji_mock.conformance.cases.placeholders import Bindings
    from emoji_mock.contract.exchange import Headers, Request
    from emoji_mock.contract.geometry import Size
    from emoji_mock.contract.model import Model

DETECTION_PATH = API_PREFIX + FACE_DETECT
VIDEO_PATH = API_PREFIX + VIDEO_SYNTHESIS
_TASK_PATHS = tuple({model.route.full_path for model in TASK_MODELS})

ExpectedAnswer: TypeAlias = "Row | Outcome | Shape"
"""An answer that the contract allows: a row of the catalogue, `Outcome.PASSED`, or a document of some other shape."""


class Responder(StrEnum):
    """The part of the vendor's system that answers. It decides the headers and the form of an error."""

    SERVICE = "service"
    POLICY = "policy"
    TASKS = "tasks"
    STORAGE = "storage"
    FILMS = "films"
    """The storage of finished videos."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SetupRequest:
    """A request that is sent before the case's own request; `wait` is the pause after it, in seconds.

    `filler` is the number of zeros that stand for the filler in its body.
    `captures` maps a placeholder to the place of its value in the answer, as in `{"<task id>": "output.task_id"}`.
    """

    method: str = "POST"
    path: str
    headers: Headers
    body: bytes = b""
    captures: Mapping[str, str] = field(default_factory=dict[str, str])
    wait: float = 0.0
    filler: int = 0

    def request(self, bindings: Bindings) -> Request:
        """Return the request with its placeholders replaced."""
        request = bindings.request(self.method, self.path, self.headers, self.body)
        return request._replace(body=request.body.replace(FILLER, bytes(self.filler))) if self.filler else request


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """One promise of the contract: this request gets one of the `expected` answers. The fake gives the first of them.

    - `picture`: the magic URL that makes a fake give that answer. A live service gets a real picture instead, if the
      body contains `<picture>`. `size` is the picture's, in pixels.
    - `live`: whether the case may be sent to the live service. False if only a fake understands it, or if its price is
      unknown.
    - `padded`: the length in bytes to which the body is filled up with spaces.
    - `setup`: the requests to send first.
    - `message_fields`: values for the placeholders of an expected message.
    - `model`: whose contract the case belongs to. `ratio` is that of the larger box.
    - `shows`: what the picture shows, `passed` or the name of a row, if it is not the expected answer.
    """

    name: str
    expected: tuple[ExpectedAnswer, ...]
    provenance: Provenance
    method: str = "POST"
    path: str = DETECTION_PATH
    headers: Headers = (AUTHORIZATION, JSON_CONTENT)
    body: bytes
    padded: int = 0
    picture: str = ""
    size: Size | None = None
    live: bool = True
    setup: tuple[SetupRequest, ...] = ()
    message_fields: tuple[tuple[str, str], ...] = ()
    model: str = MODEL
    ratio: str = RATIO
    shows: str = ""

    @property
    def contract(self) -> Model:
        """The model whose contract the case belongs to."""
        return MODELS[self.model]

    @property
    def costs(self) -> bool:
        """Whether the vendor may bill an image: the request names a picture that can be fetched."""
        return self.live and PICTURE.encode() in self.body

    @property
    def inferred(self) -> bool:
        """Whether the promise is only inferred. A difference then corrects the contract and is not drift."""
        return self.provenance.known == (Known.INFERRED,)

    @property
    def picture_name(self) -> str:
        """The kind of picture that a live run needs: `passed` or a code; empty if it needs none."""
        if PICTURE.encode() not in self.body:
            return ""
        if self.shows:
            return self.shows
        first = self.expected[0]
        return first.name if isinstance(first, Row) else str(first)

    @property
    def responder(self) -> Responder:
        """The part of the vendor's system that answers."""
        if self.path == UPLOAD_HOST:
            return Responder.STORAGE
        if self.path == VIDEO_FILE or self.path.startswith(f"/{RESULT_BUCKET}/"):
            return Responder.FILMS
        if self.path.startswith(API_PREFIX + UPLOADS):
            return Responder.POLICY
        return Responder.TASKS if self.path.startswith(API_PREFIX + TASKS) else Responder.SERVICE

    @property
    def makes_video(self) -> bool:
        """Whether the case or its setup may make a video, or the template of one."""
        return any(path.startswith(_TASK_PATHS) for path in (self.path, *(one.path for one in self.setup)))

    @property
    def lists_tasks(self) -> bool:
        """Whether the request lists all tasks of an account."""
        return self.path.partition("?")[0].rstrip("/") == API_PREFIX + TASKS

    @property
    def wait_seconds(self) -> float:
        """How much time must pass during the setup, in seconds."""
        return sum(one.wait for one in self.setup)

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The placeholders that the setup captures."""
        return tuple(placeholder for one in self.setup for placeholder in one.captures)

    def request(self, bindings: Bindings) -> Request:
        """Return the request with its placeholders replaced, filled up to its length."""
        request = bindings.request(self.method, self.path, self.headers, self.body)
        return request._replace(body=request.body.ljust(self.padded))


class CaseFields(TypedDict, total=False):
    """The fields of a case that have a default."""

    method: str
    path: str
    headers: Headers
    body: bytes
    padded: int
    picture: str
    size: Size
    live: bool
    setup: tuple[SetupRequest, ...]
    message_fields: tuple[tuple[str, str], ...]
    model: str
    ratio: str
    shows: str


def refusal(
    name: str,
    row: Row,
    provenance: Provenance | None = None,
    also: tuple[ExpectedAnswer, ...] = (),
    **fields: Unpack[CaseFields],
) -> Case:
    """Return a case that is refused with `row`, or with a row in `also`. Its provenance is the row's by default."""
    fields.setdefault("body", b"")
    return Case(name=name, expected=(row, *also), provenance=provenance or row.provenance, **fields)


def of_black_picture(expected: ExpectedAnswer, model: Model) -> tuple[ExpectedAnswer, ...]:
    """Return the answers to a black picture: where it passes as a file, a service that sees it refuses it."""
    return (expected, row_at(failed.VALUE, model) or failed.VALUE) if expected is Outcome.PASSED else (expected,)
