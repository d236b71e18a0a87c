"""What a fake answers, in bytes: each row of the catalogue, asked for at every model."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import Any, NamedTuple

import msgspec

from emoji_mock import Fake, Options, Request, Rule
from emoji_mock.contract.endpoint import API_PREFIX, HOME, MODEL, EndpointName
from emoji_mock.contract.exchange import Response
from emoji_mock.contract.model import DetectionModel, Model
from emoji_mock.contract.models import MODELS
from emoji_mock.contract.row import Outcome, Row
from emoji_mock.fake.endpoints.explain import SAMPLE_ID
from emoji_mock.fake.endpoints.registry import REGISTRY

_HEADERS = (("host", HOME.removeprefix("https://")), ("authorization", "Bearer sk-mock-me"))
_START = 1_795_366_800.0  # 2026-11-23 01:00 in China
_PICTURE = "https://example.com/me.png"
_ID = re.compile(r'(?<="request_id":")[^"]+')


class Answer(NamedTuple):
    """An answer as it is shown: the status, the media type and the body."""

    status: int
    media_type: str
    body: str

    def __str__(self) -> str:
        head = _status_line(self.status)
        return "\n".join([head, *([f"content-type: {self.media_type}", "", self.body.rstrip()] if self.body else [])])


class Answers(NamedTuple):
    """What calls are answered that a rule gives one row, and what tasks end in; each with the models that do so."""

    of_calls: dict[Answer, list[str]]
    of_tasks: dict[Answer, list[str]]


def answers(row: Row) -> Answers:
    """Return every answer in which a call for some model, or a task of it, can end by a rule for `row`."""
    found = Answers({}, {})
    for name, model in MODELS.items():
        try:
            rule = Rule(outcome=row.outcome, code=row.name, model=name)
        except ValueError:  # this model never answers it
            continue
        is_task = row.outcome is Outcome.FAILED and not isinstance(model, DetectionModel)
        answer = _ask(model, rule, wait=is_task)
        (found.of_tasks if is_task else found.of_calls).setdefault(answer, []).append(name)
    return found


def good_answers(model: Model) -> list[Answer]:
    """Return the answer to a call for `model` that succeeds, and, where it makes a task, that task when it is done."""
    rule = Rule(outcome=Outcome.PASSED, model=model.name)
    ends = (False,) if isinstance(model, DetectionModel) else (False, True)
    return [_ask(model, rule, wait=wait) for wait in ends]


def whole_answer(row: Row) -> str:
    """Return the answer of emoji-detect-v1 for `row`, with all headers but those of framing."""
    sent = _send(MODELS[MODEL], Rule(outcome=row.outcome, code=row.name), wait=False)
    headers = "\n".join(f"{name}: {value}" for name, value in sent.headers)
    return f"{_status_line(sent.status)}\n{headers}\n\n{sent.body.decode()}"


def _status_line(status: int) -> str:
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"


def _ask(model: Model, rule: Rule, *, wait: bool) -> Answer:
    """Return the answer of a fake with one rule to a call for `model`; with `wait` the task that the call made."""
    sent = _send(model, rule, wait=wait)
    return Answer(sent.status, dict(sent.headers).get("content-type", ""), _ID.sub(SAMPLE_ID, sent.body.decode()))


def _send(model: Model, rule: Rule, *, wait: bool) -> Response:
    fake = Fake(Options(seed=7, time_scale=0, policy_key=b"of the reference"), clock=lambda: _START)
    fake.store.add_rule(rule, "*")
    is_detection = isinstance(model, DetectionModel)
    mode = () if is_detection else (("x-dashscope-async", "enable"),)
    headers = (*_HEADERS, ("content-type", "application/json"), *mode)
    sent = _sent(fake.answer(Request("POST", f"{API_PREFIX}{model.route.path}", headers, _body(model))))
    if not wait:
        return sent
    task = json.loads(sent.body)["output"]["task_id"]
    return _sent(fake.answer(Request("GET", f"{API_PREFIX}/tasks/{task}", _HEADERS)))


def _sent(reply: object) -> Response:
    assert isinstance(reply, Response)  # noqa: S101 - the rules set no fault
    return reply


def _body(model: Model) -> bytes:
    """Return a valid request for `model`: the example of the manual."""
    endpoint = next(one for one in REGISTRY.endpoints if model.name in one.models and one.route.name in _CREATING)
    if endpoint.documentation is None:
        return json.dumps({"model": model.name, "input": {"image_url": _PICTURE}}).encode()
    examples: dict[str, Any] = endpoint.documentation.request_examples
    return msgspec.json.encode(next(iter(examples.values())))


_CREATING = (
    EndpointName.FACE_DETECT,
    EndpointName.AA_DETECT,
    EndpointName.VIDEO_SYNTHESIS,
    EndpointName.AA_TEMPLATE,
)
