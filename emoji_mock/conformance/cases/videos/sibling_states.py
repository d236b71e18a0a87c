"""Cases of the tasks of each sibling: their states, the result, what they cost, and how they fail."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from emoji_mock.conformance.cases.case import Case, SetupRequest
from emoji_mock.conformance.cases.documents import (
    CANCELED,
    CANCELLED,
    LIST,
    LIST_ROW,
    PENDING,
    PRE_PROCESSING,
    RUNNING,
    failed_with,
)
from emoji_mock.conformance.cases.payloads import PORTRAIT_URL, VIDEO_HEADERS
from emoji_mock.conformance.cases.placeholders import FIRST_TASK_ID, TASK_ID, TEMPLATE
from emoji_mock.conformance.cases.videos.shapes import accepted, succeeded
from emoji_mock.conformance.cases.videos.siblings import GUESS, SIBLINGS, create, how_known, task_body
from emoji_mock.conformance.cases.videos.states import FINISHED, KEY_ONLY, TASK_PATH
from emoji_mock.conformance.cases.videos.states import create as create_of_emoji
from emoji_mock.contract.endpoint import ANIMATE, ANIMATE_TEMPLATE, API_PREFIX, TASKS
from emoji_mock.contract.model import TaskModel
from emoji_mock.contract.models import MODELS
from emoji_mock.contract.rows import failed, service
from emoji_mock.fake.rules.magic_urls import url_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.conformance.cases.case import ExpectedAnswer
    from emoji_mock.contract.provenance import Provenance

_RUNS = 31
"""The seconds after which a task certainly runs: steps before and after take a tenth of its one to five minutes."""
_CANCEL = f"{TASK_PATH}/cancel"


def _case(
    model: TaskModel,
    name: str,
    expected: tuple[ExpectedAnswer, ...],
    provenance: Provenance,
    *setup: SetupRequest,
    path: str = TASK_PATH,
    method: str = "GET",
) -> Case:
    return Case(
        name=f"{model.name}/{name}",
        expected=expected,
        provenance=provenance,
        method=method,
        path=path,
        headers=KEY_ONLY,
        body=b"",
        live=False,
        setup=setup,
        model=model.name,
    )


def _states(model: TaskModel) -> Iterator[Case]:
    once, first = create(model, captures=TASK_ID), create(model, captures=FIRST_TASK_ID)
    done, begun = succeeded(model), PRE_PROCESSING if model.framed else RUNNING
    known = model.terms
    yield _case(model, "task/pending", (PENDING, begun, RUNNING, done), GUESS, first, once)
    yield _case(model, "task/begun", (begun, PENDING, RUNNING, done), known, once)
    yield _case(model, "task/running", (RUNNING, PENDING, done), known, create(model, captures=TASK_ID, wait=_RUNS))
    # Each model has its own place in which one task runs.
    beside = create_of_emoji(captures=FIRST_TASK_ID)
    yield _case(model, "task/beside-another-model", (begun, PENDING, RUNNING, done), GUESS, beside, once)
    yield _case(model, "task/succeeded", (done,), known, create(model, captures=TASK_ID, wait=FINISHED))
    stopped = SetupRequest(path=_CANCEL, headers=KEY_ONLY)
    yield _case(model, "task/canceled", (CANCELED,), GUESS, first, once, stopped)
    either = (CANCELLED, service.NOT_PENDING)
    yield _case(model, "cancel/pending", either, GUESS, first, once, path=_CANCEL, method="POST")
    yield _case(model, "cancel/running", either[::-1], GUESS, once, path=_CANCEL, method="POST")
    page = replace(LIST, fields={**LIST.fields, "total": 2, "data": [{**LIST_ROW, "model_name": model.name}]})
    path = f"{API_PREFIX}{TASKS}?model_name={model.name}&page_no=1&page_size=10"
    yield _case(model, "list/by-model", (page,), GUESS, beside, first, once, path=path)


def _failures(model: TaskModel) -> Iterator[Case]:
    """Yield how a task fails for a picture that the detector refuses; a task without a picture has a rule instead."""
    if "image_url" not in model.fields:
        return
    for row in (failed.NO_HUMAN, failed.FACE_POSE):
        ends = model.task_failure(row)
        setup = create(model, captures=TASK_ID, wait=FINISHED, image_url=url_for(row))
        known = how_known(model, ends) if ends.models else GUESS
        yield _case(model, f"task/failed-{row.name}", (failed_with(ends),), known, setup)


def _results(model: TaskModel) -> Iterator[Case]:
    """Yield the results at each price. The file behind the link is judged once, for emoji-v1: making one is slow."""
    for name, parameter in model.parameters.items():
        for tier in parameter.values:
            if tier in model.prices and tier != parameter.default:
                setup = _create_with(model, {name: tier})
                yield _case(model, f"task/succeeded-{tier}", (succeeded(model, tier),), model.terms, setup)


def _create_with(model: TaskModel, parameters: dict[str, object]) -> SetupRequest:
    return replace(create(model, captures=TASK_ID, wait=FINISHED), body=task_body(model, parameters))


def _read(captures: dict[str, str]) -> SetupRequest:
    return SetupRequest(method="GET", path=TASK_PATH, headers=KEY_ONLY, captures=captures)


def _with_template() -> Case:
    """Return the case of a video by a template that the account has made."""
    template, model = MODELS[ANIMATE_TEMPLATE], MODELS[ANIMATE]
    assert isinstance(template, TaskModel)  # noqa: S101 - both make tasks
    assert isinstance(model, TaskModel)  # noqa: S101
    making = create(template, captures=TASK_ID, wait=FINISHED)
    return Case(
        name=f"{ANIMATE}/accepted/with-its-own-template",
        expected=(accepted(model),),
        provenance=model.terms,
        path=model.route.full_path,
        headers=VIDEO_HEADERS,
        body=task_body(model, image_url=PORTRAIT_URL, template_id=TEMPLATE),
        live=False,
        setup=(making, _read({TEMPLATE: f"output.{template.result}"})),
        model=ANIMATE,
    )


def _cases() -> Iterator[Case]:
    for model in SIBLINGS:
        for part in (_states, _failures, _results):
            yield from part(model)
    yield _with_template()


SIBLING_TASK_CASES: tuple[Case, ...] = tuple(_cases())
"""The tasks of each sibling."""
