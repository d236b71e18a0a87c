"""Cases of a request for a task of each sibling: valid requests, and every mistake that one can contain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import msgspec

from emoji_mock.conformance.cases.case import Case, CaseFields, ExpectedAnswer, SetupRequest
from emoji_mock.conformance.cases.payloads import PORTRAIT_URL, VIDEO_HEADERS, VIDEO_INPUT
from emoji_mock.conformance.cases.videos.shapes import accepted
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.endpoint import VIDEO_MODEL
from emoji_mock.contract.models import MODELS, TASK_MODELS
from emoji_mock.contract.row import Origin, Outcome
from emoji_mock.contract.rows import animate_anyone, gateway, service
from emoji_mock.contract.rows.table import of_siblings
from emoji_mock.fake.rules.magic_urls import HOST, url_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.contract.model import TaskModel, TaskParameter
    from emoji_mock.contract.provenance import Provenance
    from emoji_mock.contract.row import Row

GUESS = of_siblings("I", "emoji-mock")
_SEEN = of_siblings("O", "scenic")
SIBLINGS = tuple(model for model in TASK_MODELS if model.name != VIDEO_MODEL)
_ROUTES = tuple(dict.fromkeys(model.route for model in MODELS.values()))
# No service can fetch these files, and so none can make a video of them.
_FILES = {"image_url": "passed/640x800.png", "audio_url": "me.wav", "video_url": "me.mp4", "ref_image_url": "me.png"}
VALUES: dict[str, Any] = {
    **VIDEO_INPUT,
    **{name: f"https://{HOST}/{path}" for name, path in _FILES.items()},
    "template_id": "AACT.00000000-0000-4000-8000-000000000000",
}
"""A valid value for each input of any model."""


def task_body(model: TaskModel, /, parameters: object = None, **changes: object) -> bytes:
    """Return the body of a valid request for a task, with some inputs changed; None leaves one out."""
    given = {name: VALUES[name] for name in model.fields} | changes
    document: dict[str, Any] = {
        "model": model.name,
        "input": {name: value for name, value in given.items() if value is not None},
    }
    return msgspec.json.encode(document if parameters is None else {**document, "parameters": parameters})


def how_known(model: TaskModel, row: Row) -> Provenance:
    """Return how it is known that the model answers with `row`: a row of several models may be known of some alone."""
    return row.provenance if model.name in row.models and "inferred" not in row.provenance.note else GUESS


def _case(
    model: TaskModel, /, name: str, expected: ExpectedAnswer, provenance: Provenance, **fields: Unpack[CaseFields]
) -> Case:
    fields.setdefault("path", model.route.full_path)
    fields.setdefault("headers", VIDEO_HEADERS)
    fields.setdefault("body", task_body(model))
    fields["model"] = model.name
    # A guess that does not hold would make a video, and cost its price.
    fields["live"] = False
    return Case(name=f"{model.name}/{name}", expected=(expected,), provenance=provenance, **fields)


def _accepted(model: TaskModel) -> Iterator[Case]:
    shape, documented = accepted(model), model.terms
    yield _case(model, "accepted/as-documented", shape, documented)
    yield _case(model, "accepted/with-a-slash", shape, GUESS, path=f"{model.route.full_path}/")
    yield _case(model, "accepted/parameters-empty", shape, GUESS, body=task_body(model, {}))
    for name in model.optional:
        yield _case(model, f"accepted/{name}", shape, documented, body=task_body(model, **{name: VALUES[name]}))
    for name, parameter in model.parameters.items():
        for number, value in enumerate(_taken(parameter), 1):
            body = task_body(model, {name: value})
            yield _case(model, f"accepted/{name}-{number}", shape, documented, body=body)


def _taken(parameter: TaskParameter) -> tuple[object, ...]:
    if parameter.values:
        return parameter.values
    return parameter.bounds or (True, False)


def _refused(parameter: TaskParameter) -> tuple[object, ...]:
    if parameter.bounds is None:
        return ("of-no-kind", 5)
    shortest, longest = parameter.bounds
    return (shortest - 1, longest + 1, "many")


def _mistakes(model: TaskModel) -> Iterator[tuple[str, Row, Provenance, bytes]]:
    for name in model.fields:
        row = model.missing.get(name, service.FIELD_REQUIRED)
        yield f"no-{name}", row, how_known(model, row), task_body(model, **{name: None})
        wrong = model.wrong.get(name, service.PARAMETER_INVALID)
        yield f"{name}-a-number", wrong, GUESS, task_body(model, **{name: 5})
    for name, parameter in model.parameters.items():
        known = how_known(model, parameter.row)
        for number, value in enumerate(_refused(parameter), 1):
            yield f"{name}-wrong-{number}", parameter.row, known, task_body(model, {name: value})
    document: dict[str, Any] = {"model": model.name, "parameters": {}}
    yield "no-input", service.NO_INPUT, GUESS, msgspec.json.encode(document)
    yield "input-a-string", service.ILLEGAL_INPUT, GUESS, msgspec.json.encode({**document, "input": "portrait"})


def _refusals(model: TaskModel) -> Iterator[Case]:
    for name, row, provenance, body in _mistakes(model):
        field = name.removeprefix("no-") if row is service.FIELD_REQUIRED else name.partition("-")[0]
        fields = (("field", field), ("parameter", field))
        yield _case(model, f"video/{name}", row, provenance, body=body, message_fields=fields)
    synchronous = gateway.NOT_SYNCHRONOUS
    yield _case(model, "video/not-asynchronous", synchronous, synchronous.provenance, headers=VIDEO_HEADERS[:2])
    for route in _ROUTES:
        if route is not model.route:
            yield _case(model, f"model/at-{route.name}", gateway.WRONG_PATH, _SEEN, path=route.full_path)
    if "template_id" in model.fields:
        body = task_body(model, image_url=PORTRAIT_URL)
        yield _case(model, "video/template-of-nobody", animate_anyone.TEMPLATE_CONTENT, GUESS, body=body)


def _own_errors(model: TaskModel) -> Iterator[Case]:
    """Yield a case for each error that few models have, selected by a magic URL."""
    for row in ROWS:
        is_own = row.outcome is Outcome.ERROR and row.origin is Origin.SERVICE and model.name in row.models
        if is_own and row is not service.NOT_PENDING:
            body = task_body(model, **{model.fields[0]: url_for(row)})
            known = how_known(model, row)
            yield _case(model, f"error/{row.name}", row, known, body=body, message_fields=_limits(model))


def _limits(model: TaskModel) -> tuple[tuple[str, str], ...]:
    """Return the model's own numbers for a message about a file."""
    limits = model.audio or model.video
    if limits is None:
        return ()
    shortest, longest = (f"{round(bound)}" for bound in limits.seconds)
    megabytes = -(-limits.longest // 2**20)
    return (("shortest", shortest), ("longest", longest), ("megabytes", f"{megabytes}"))


def create(model: TaskModel, *, wait: float = 0.0, captures: str, **changes: object) -> SetupRequest:
    """Return the request that creates a task of `model`, and captures its id."""
    return SetupRequest(
        path=model.route.full_path,
        headers=VIDEO_HEADERS,
        body=task_body(model, **changes),
        captures={captures: "output.task_id"},
        wait=wait,
    )


def _cases() -> Iterator[Case]:
    for model in SIBLINGS:
        for part in (_accepted, _refusals, _own_errors):
            yield from part(model)


SIBLING_CASES: tuple[Case, ...] = tuple(_cases())
"""Requests for a task of each sibling, accepted or refused."""
