"""Cases with a valid request to each detection model, whose outcome depends on the picture or the account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from emoji_mock.conformance.cases.case import DETECTION_PATH, Case, CaseFields, refusal
from emoji_mock.conformance.cases.payloads import AUTHORIZATION, JSON_CONTENT, PORTRAIT_URL, body_for, detection_body
from emoji_mock.conformance.cases.placeholders import KEY
from emoji_mock.contract import samples
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.endpoint import BODY_LIMIT, FACE_DETECT, MODEL
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.models import DETECTION_MODELS, emoji, row_at
from emoji_mock.contract.row import Origin, Outcome, Row
from emoji_mock.contract.rows import emo, failed, gateway
from emoji_mock.contract.rows.table import known, of_siblings
from emoji_mock.fake.accounting.api_keys import RESERVED
from emoji_mock.fake.rules.magic_urls import HOST, url_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.contract.model import DetectionModel
    from emoji_mock.contract.provenance import Provenance

_DOCUMENTED = known("D", "detect")
_FROM_SDK = known("S", "sdk")
_BOTH_PATHS = known("S", "sdk", "programs disagree on whether a base URL contains /api/v1; the vendor answers below it")
_GUESS = known("I", "emoji-mock")
_REASON = of_siblings("I", "errors", "that the model tells this reason so is inferred")


def prefix(model: DetectionModel) -> str:
    """Return what the names of the model's cases begin with; emoji-detect-v1's were there first."""
    return "" if model.name == MODEL else f"{model.name}/"


def _passes(of: DetectionModel, name: str, provenance: Provenance, **fields: Unpack[CaseFields]) -> Case:
    size = fields.setdefault("size", Size(640, 800))
    fields.setdefault("body", body_for(of))
    fields.setdefault("path", of.route.full_path)
    fields["picture"] = f"https://{HOST}/passed/{size.width}x{size.height}.png"
    fields["model"] = of.name
    name = f"{prefix(of)}passed/{name}"
    return Case(name=name, expected=(Outcome.PASSED,), provenance=provenance, **fields)


def _emoji(name: str, provenance: Provenance = _DOCUMENTED, **fields: Unpack[CaseFields]) -> Case:
    return _passes(emoji.DETECT, name, provenance, **fields)


_PASSED = (
    _emoji("as-documented"),
    _emoji("smallest-picture", size=Size(400, 400), live=False),
    _emoji("largest-picture", size=Size(7000, 7000), live=False),
    _emoji("wide-picture", size=Size(1920, 1080), live=False),
    _emoji("with-a-slash", known("I", "emoji-mock", "documented for the video's path"), path=f"{DETECTION_PATH}/"),
    _emoji("without-the-prefix", _BOTH_PATHS, path=FACE_DETECT, live=False),
    _emoji("without-the-prefix-with-a-slash", _BOTH_PATHS, path=f"{FACE_DETECT}/", live=False),
    _emoji("with-a-query", _GUESS, path=f"{DETECTION_PATH}?trace=1"),
    _emoji("with-a-charset", _FROM_SDK, headers=(AUTHORIZATION, ("content-type", "application/json; charset=utf-8"))),
    _emoji("bearer-in-lower-case", _GUESS, headers=(("authorization", f"bearer {KEY}"), JSON_CONTENT)),
    _emoji("not-asynchronous", _GUESS, headers=(AUTHORIZATION, JSON_CONTENT, ("x-dashscope-async", "disable"))),
    _emoji("extra-keys", _FROM_SDK, body=detection_body(resources=None, extra={"task": [None, "face-detect"]})),
    _emoji("a-body-of-6-mib", _GUESS, padded=BODY_LIMIT),
)


def _passed(model: DetectionModel) -> Iterator[Case]:
    """Yield what a sibling takes: its own samples, each ratio, and parameters that it does not know."""
    documented = model.terms
    yield _passes(model, "as-documented", documented)
    for ratio in model.ratios[1:]:
        body = body_for(model, parameters={"ratio": ratio})
        name = f"ratio-{ratio.replace(':', '-to-')}"
        yield _passes(model, name, documented, body=body, ratio=ratio, live=False)
    if not model.ratios:
        guess = of_siblings("I", "emoji-mock", "parameters of a model that has none")
        for name, given in (("empty", {}), ("unknown", {"ratio": "1:1", "style": 5}), ("null", None)):
            body = body_for(model, parameters=given)
            yield _passes(model, f"parameters-{name}", guess, body=body, live=False)


def _how_it_fails(model: DetectionModel, reason: Row, answered: Row) -> Provenance:
    """Return how it is known that the model answers so for this reason."""
    if model.name in answered.models:
        return answered.provenance if answered in (reason, model.failures.get(reason)) else _REASON
    if model.failed_output(failed.NO_HUMAN.name, "", False) == model.failed_output("", "", False):  # noqa: FBT003
        # No code is shown, and so the code of another model's page does not help.
        sample = samples.response(f"failed.{model.name}")
        is_sample = answered.text() in sample["body"]["output"].values()
        return of_siblings("D", *sample["provenance"]["sources"]) if is_sample else _REASON
    return answered.provenance


def _failed(model: DetectionModel) -> Iterator[Case]:
    for row in ROWS:
        answered = row_at(row, model)
        is_reason = row.code is not None or model.name in row.models
        if row.outcome is Outcome.FAILED and row.billed and is_reason and answered is not None:
            ratio = "3:4" if row is emo.FULL_BODY and model.ratios else ""
            yield refusal(
                f"{prefix(model)}failed/{row.name}",
                answered,
                _how_it_fails(model, row, answered),
                path=model.route.full_path,
                body=body_for(model, parameters={"ratio": ratio}) if ratio else body_for(model),
                picture=url_for(row),
                model=model.name,
                shows=row.name,
            )


def _errors(model: DetectionModel) -> Iterator[Case]:
    for row in ROWS:
        answered = row_at(row, model)
        if row.outcome is not Outcome.ERROR or row.origin is Origin.STORAGE or answered is not row:
            continue  # another model's row, or one that the model answers in the words of another
        if row is not gateway.WRONG_METHOD:  # its message names the method, and a magic URL comes with a POST
            yield refusal(
                f"{prefix(model)}error/{row.name}",
                row,
                path=model.route.full_path,
                body=body_for(model),
                picture=url_for(row),
                live=False,
                model=model.name,
            )


def _accounts(model: DetectionModel) -> Iterator[Case]:
    for key, row in RESERVED.items():
        yield refusal(
            f"{prefix(model)}account/{key.removeprefix('sk-mock-')}",
            row,
            path=model.route.full_path,
            headers=(("authorization", f"Bearer {key}"), JSON_CONTENT),
            body=body_for(model, PORTRAIT_URL),
            live=False,
            model=model.name,
        )


def _outcomes() -> Iterator[Case]:
    for model in DETECTION_MODELS:
        yield from _PASSED if model is emoji.DETECT else _passed(model)
        for part in (_failed, _errors, _accounts):
            yield from part(model)


OUTCOME_CASES: tuple[Case, ...] = tuple(_outcomes())
"""Every outcome of every model, and every row that a magic URL or a reserved key selects."""
