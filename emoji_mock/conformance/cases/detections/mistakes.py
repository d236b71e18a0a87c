"""Cases of an invalid request to each sibling. No picture in them can be fetched, so no service can bill one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from emoji_mock.conformance.cases.case import Case, CaseFields, ExpectedAnswer, refusal
from emoji_mock.conformance.cases.payloads import ASYNC, AUTHORIZATION, JSON_CONTENT, PORTRAIT_URL, body_for
from emoji_mock.contract.endpoint import EMO_DETECT, MODEL
from emoji_mock.contract.models import DETECTION_MODELS, MODELS
from emoji_mock.contract.rows import emo, gateway, service
from emoji_mock.contract.rows.table import of_siblings
from emoji_mock.fake.rules.magic_urls import HOST, url_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.contract.model import DetectionModel
    from emoji_mock.contract.provenance import Provenance
    from emoji_mock.contract.row import Row

_GUESS = of_siblings("I", "emoji-mock")
_SEEN = of_siblings("O", "scenic")
_WHICH = of_siblings("I", "errors emoji-mock", "several rows fit; which of them the vendor gives is not known")
_ROUTES = tuple(dict.fromkeys(model.route for model in MODELS.values()))
_EITHER = (service.CANNOT_DOWNLOAD, service.BAD_MEDIA)
_UNFETCHED = (service.CANNOT_DOWNLOAD, service.URL_REFUSED, service.URL_TIMEOUT, service.DOWNLOAD_TIMED_OUT)
_ASYNC_HEADERS = (AUTHORIZATION, JSON_CONTENT, ASYNC)


def _wrong(
    model: DetectionModel,
    /,
    name: str,
    row: Row,
    provenance: Provenance = _GUESS,
    also: tuple[ExpectedAnswer, ...] = (),
    **fields: Unpack[CaseFields],
) -> Case:
    fields.setdefault("body", body_for(model, PORTRAIT_URL))
    fields.setdefault("path", model.route.full_path)
    fields["model"] = model.name
    return refusal(f"{model.name}/{name}", row, provenance, also, **fields)


def _input(model: DetectionModel) -> Iterator[Case]:
    async_seen = _SEEN if model.name == EMO_DETECT else _GUESS
    yield _wrong(model, "async/enabled", gateway.NOT_ASYNCHRONOUS, async_seen, headers=_ASYNC_HEADERS)
    for name, row, body in (
        ("input/missing", service.NO_INPUT, body_for(model, without=("input",))),
        ("input/null", service.NO_INPUT, body_for(model, input=None)),
        ("input/a-string", service.ILLEGAL_INPUT, body_for(model, input="portrait")),
        ("input/an-array", service.ILLEGAL_INPUT, body_for(model, input=[])),
        # Observed of emo-detect-v1: the code, "in other words" than emo-v1's.
        ("image-url/missing", service.FIELD_REQUIRED, body_for(model, input={})),
        ("image-url/null", service.FIELD_REQUIRED, body_for(model, None)),
        ("image-url/a-number", service.PARAMETER_INVALID, body_for(model, 5)),
    ):
        yield _wrong(model, name, row, body=body)


def _urls(model: DetectionModel) -> Iterator[Case]:
    bad = model.pictures.format_row if model.pictures is not None else service.BAD_URL
    nowhere = body_for(model, url_for(service.BAD_URL))
    yield _wrong(model, "image-url/nowhere", service.BAD_URL, _WHICH, body=nowhere, also=(bad, *_UNFETCHED))
    for name, url in (("no-url", "portrait.png"), ("ftp", f"ftp://{HOST}/portrait.png")):
        also = (service.BAD_URL, bad, *_EITHER)
        yield _wrong(model, f"image-url/{name}", service.BAD_URL, _WHICH, body=body_for(model, url), also=also)
    stored = body_for(model, "oss://dashscope-instant/portrait.png")
    seen = _SEEN if model.name == EMO_DETECT else service.BAD_MEDIA.provenance
    yield _wrong(model, "image-url/oss-without-the-header", service.BAD_MEDIA, seen, body=stored)


def _routes(model: DetectionModel) -> Iterator[Case]:
    for route in _ROUTES:
        if route is not model.route and route.name is not None:
            yield _wrong(model, f"model/at-{route.name}", gateway.WRONG_PATH, _SEEN, path=route.full_path)
    first = next(each for each in MODELS.values() if each.route is model.route)
    if model is not first:
        return
    # Before the model is known, the first one of a path stands for all.
    yield _wrong(model, "route/get", gateway.WRONG_METHOD, gateway.WRONG_METHOD.provenance, method="GET", body=b"")
    yield _wrong(model, "route/no-key", gateway.NO_KEY, gateway.NO_KEY.provenance, headers=(JSON_CONTENT,))
    yield _wrong(model, "body/not-json", service.BODY_INVALID, service.BODY_INVALID.provenance, body=b"{")
    yield _wrong(model, "model/missing", gateway.NO_MODEL, body=body_for(model, PORTRAIT_URL, without=("model",)))
    yield _wrong(model, "model/unknown", gateway.UNKNOWN_MODEL, body=body_for(model, PORTRAIT_URL, model="nobody-v0"))


def _of_emo() -> Iterator[Case]:
    """Yield the cases of the ratio, and what was observed of the order of emo-detect-v1's checks."""
    model = next(each for each in DETECTION_MODELS if each.name == EMO_DETECT)
    missing = body_for(model, PORTRAIT_URL, without=("parameters",))
    yield _wrong(model, "parameters/missing", emo.RATIO, emo.RATIO.provenance, body=missing)
    for name, given in (
        ("parameters/empty", {}),
        ("ratio/9-to-16", {"ratio": "9:16"}),
        ("ratio/a-number", {"ratio": 1}),
        ("ratio/null", {"ratio": None}),
    ):
        yield _wrong(model, name, emo.RATIO, body=body_for(model, PORTRAIT_URL, parameters=given))
    dead = body_for(model, url_for(service.BAD_URL), without=("parameters",))
    yield _wrong(model, "order/url-before-ratio", service.BAD_URL, _SEEN, body=dead)
    stored = body_for(model, "oss://dashscope-instant/portrait.png", without=("parameters",))
    yield _wrong(model, "order/inspection-before-ratio", service.BAD_MEDIA, _SEEN, body=stored)
    neither = body_for(model, input={}, without=("parameters",))
    yield _wrong(model, "order/image-url-before-ratio", service.FIELD_REQUIRED, body=neither)
    unversioned = body_for(model, PORTRAIT_URL, model=EMO_DETECT.removesuffix("-v1"))
    yield _wrong(model, "model/without-its-version", gateway.ACCESS_DENIED, _SEEN, body=unversioned)


def _mistakes() -> Iterator[Case]:
    for model in DETECTION_MODELS:
        if model.name == MODEL:
            yield from (
                _wrong(model, f"model/at-{route.name}", gateway.WRONG_PATH, _SEEN, path=route.full_path)
                for route in _ROUTES
                if route is not model.route
            )
        else:
            for part in (_input, _urls, _routes):
                yield from part(model)
    yield from _of_emo()


MISTAKE_CASES: tuple[Case, ...] = tuple(_mistakes())
"""What a request to a sibling can contain by mistake, and each detection model on the paths of others."""
