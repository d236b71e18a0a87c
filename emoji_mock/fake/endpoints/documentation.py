"""The documentation of an endpoint: parameters, bodies, and examples that a fake makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol

from msgspec import Struct

from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.model import DetectionModel
from emoji_mock.contract.models import row_at
from emoji_mock.contract.row import Origin, Outcome
from emoji_mock.contract.rows import gateway

if TYPE_CHECKING:
    from emoji_mock.contract.model import Model
    from emoji_mock.contract.row import Row


class ExampleCaller(Protocol):
    """Calls a fake that was made for examples, with a good key; each call returns the JSON of the answer."""

    def get(self, path: str) -> Any:  # noqa: ANN401 - any JSON
        """Send a GET to `path`, given without the API prefix."""
        ...

    def post(self, path: str, document: Struct | None = None) -> Any:  # noqa: ANN401 - any JSON
        """Send a POST, with `document` as its JSON; asynchronous calls are enabled."""
        ...

    def create_tasks(self) -> dict[str, str]:
        """Create a task by each model that makes videos, but emoji-v1; return the id of each, by model."""
        ...

    def advance(self, seconds: float) -> None:
        """Advance the fake's clock."""
        ...


class Examples(Protocol):
    """Makes examples of good answers, by name."""

    def __call__(self, caller: ExampleCaller, /) -> dict[str, Any]:
        """Return the examples."""
        ...


class Parameter(Struct, frozen=True, kw_only=True):
    """One parameter of a request; `schema` is a JSON schema."""

    name: str
    where: Literal["query", "header", "path"]
    schema: dict[str, Any]
    required: bool = True
    description: str = ""


class Documentation(Struct, frozen=True, kw_only=True):
    """What the manual says of an endpoint.

    `request` and `response` are msgspec models; a `form` is a JSON schema of its fields, `binary` the media type of an
    answer that is a file. `success` describes each good answer by its status. Errors are those of `rows`, each with an
    example, and those of `statuses` without one.
    """

    summary: str
    description: str
    success: dict[int, str]
    parameters: tuple[Parameter, ...] = ()
    request: Any = None
    request_examples: dict[str, Struct] = {}
    form: dict[str, Any] | None = None
    response: Any = None
    binary: str = ""
    examples: Examples | None = None
    rows: tuple[Row, ...] = ()
    statuses: tuple[int, ...] = ()


def rows_of(model: Model) -> tuple[Row, ...]:
    """Return the rows with which a call for `model` can be refused, in its own words."""
    detects = isinstance(model, DetectionModel)
    rows = [row_at(row, model) for row in ROWS if row.origin is not Origin.STORAGE]
    return tuple(
        dict.fromkeys(
            row
            for row in rows
            if row is not None
            and (detects if row.outcome is Outcome.FAILED else row.code is not None)
            and (detects or row is not gateway.NOT_ASYNCHRONOUS)
        )
    )


# No enumeration: the fake ignores any other value, and refuses nothing because of it.
RESOLVE = Parameter(
    name="X-DashScope-OssResourceResolve",
    where="header",
    required=False,
    description="`enable` for a picture that was uploaded (`oss://…`).",
    schema={"type": "string", "examples": ["enable"]},
)
"""The header that goes with an uploaded picture."""
ASYNC = Parameter(name="X-DashScope-Async", where="header", schema={"type": "string", "enum": ["enable"]})
"""The header that asks for an asynchronous answer."""
