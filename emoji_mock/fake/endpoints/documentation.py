"""The documentation of an endpoint: parameters, bodies, and examples that a fake makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol

from msgspec import Struct

if TYPE_CHECKING:
    from emoji_mock.contract.row import Row


class ExampleCaller(Protocol):
    """Calls a fake that was made for examples, with a good key; each call returns the JSON of the answer."""

    def get(self, path: str) -> Any:  # noqa: ANN401 - any JSON
        """Send a GET to `path`, given without the API prefix."""
        ...

    def post(self, path: str, document: Struct | None = None) -> Any:  # noqa: ANN401 - any JSON
        """Send a POST, with `document` as its JSON; asynchronous calls are enabled."""
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
