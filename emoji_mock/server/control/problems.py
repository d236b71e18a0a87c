"""Bad input to the control API: read strictly, and reported by field."""

from typing import TypeVar

import msgspec
from starlette.requests import Request

from emoji_mock._support.validation import describe_error
from emoji_mock.fake.accounting.api_keys import redact

T = TypeVar("T")
LONGEST_BODY = 1024 * 1024
"""The longest body of a control request, in bytes."""


class Problem(msgspec.Struct, frozen=True):
    """The problem with one field of a control request."""

    field: str
    problem: str


class Problems(msgspec.Struct, frozen=True):
    """The problems with a control request."""

    errors: list[Problem]


class BadInputError(Exception):
    """A control request that cannot be served."""

    def __init__(self, field: str, problem: str, status: int = 422) -> None:
        super().__init__(problem)
        self.status = status
        self.problems = Problems([Problem(redact(field), redact(problem))])


async def read_body(request: Request, kind: type[T]) -> T:
    """Return the body of `request` as a `kind`. Raises BadInputError."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise BadInputError("content-type", "must be application/json", 415)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_BODY:
            raise BadInputError("body", f"must have at most {LONGEST_BODY} bytes", 413)
    try:
        return msgspec.json.decode(bytes(body), type=kind)
    except msgspec.ValidationError as error:
        wrong = describe_error(str(error), kind)
        raise BadInputError(wrong.field or "body", wrong.problem) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInputError("body", f"is not JSON: {error}") from None
