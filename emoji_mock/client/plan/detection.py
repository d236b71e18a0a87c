"""The plan of a detection: upload a local picture, then ask for its face. Pure; the adapters do the I/O."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

import msgspec

from emoji_mock._support.validation import unknown
from emoji_mock.client.image_ref import make_ref
from emoji_mock.client.parse.detection import check_stored, parse_grant, parse_result
from emoji_mock.client.parse.verdicts import Asked
from emoji_mock.client.plan.steps import USER_AGENT, FileForm, RequestStep, json_headers
from emoji_mock.client.results import Failed
from emoji_mock.contract.endpoint import MEDIA_TYPE, MODEL, RATIO, UPLOADS
from emoji_mock.contract.exchange import Request
from emoji_mock.contract.models import DETECTORS, MODELS

if TYPE_CHECKING:
    from emoji_mock.client.image_ref import ImageFile
    from emoji_mock.client.options import Detector, Ratio
    from emoji_mock.client.parse.detection import UploadGrant
    from emoji_mock.client.plan.steps import Flow
    from emoji_mock.client.results import AnyResult
    from emoji_mock.contract.model import DetectionModel

_WITH_RATIO = [model.name for model in DETECTORS.values() if model.ratios]


def require_detection(model: str, ratio: str | None) -> Asked:
    """Return what a detection asks for. Raises ValueError or TypeError."""
    known = require_detector(model)
    if ratio is not None and not known.ratios:
        raise TypeError(f"{known.name} takes no ratio; only {' and '.join(_WITH_RATIO)} do")
    if ratio is not None and ratio not in known.ratios:
        raise ValueError(f"ratio: {known.name} takes {' or '.join(map(repr, known.ratios))}, not {ratio!r}")
    return Asked(cast("Detector", known.name), cast("Ratio", ratio or RATIO))


def require_detector(model: str) -> DetectionModel:
    """Return the detection model of that name. Raises ValueError, which names similar ones."""
    if model in DETECTORS:
        return DETECTORS[model]
    if model in MODELS:
        raise ValueError(f"model: {model} makes videos and detects nothing; choose from {', '.join(DETECTORS)}")
    raise ValueError(f"model: {unknown('model', model, DETECTORS)}")


def plan_detection(base_url: str, image: str | ImageFile, asked: Asked) -> Flow[AnyResult]:
    """Inspect `image`, which is uploaded first if it is a file."""
    image_url = yield from plan_url(base_url, image, asked.model)
    result: AnyResult = yield detection_step(base_url, image_url, asked)
    return result if isinstance(result, Failed) else replace(result, picture=make_ref(image))


def plan_url(base_url: str, file: str | ImageFile, model: str) -> Flow[str]:
    """Return a URL that `model` accepts for `file`, which is uploaded unless it is a URL."""
    return file if isinstance(file, str) else (yield from plan_upload(base_url, file, model))


def plan_upload(base_url: str, file: ImageFile, model: str = MODEL) -> Flow[str]:
    """Upload `file` for `model` and return its `oss://` URL, which the vendor keeps for 48 hours."""
    grant: UploadGrant = yield grant_step(base_url, model)
    key = f"{grant.upload_dir}/{file.name}"
    yield store_step(grant, key, file)
    return f"oss://{key}"


def detection_step(base_url: str, image_url: str, asked: Asked) -> RequestStep[AnyResult]:
    """Return the step that inspects the picture at `image_url`."""
    model = DETECTORS[asked.model]
    document: dict[str, object] = {"model": model.name, "input": {"image_url": image_url}}
    if model.ratios:
        document["parameters"] = {"ratio": asked.ratio}
    request = Request("POST", base_url + model.route.path, json_headers(image_url), msgspec.json.encode(document))
    return RequestStep(request, partial(parse_result, asked), billable=True)


# https://help.aliyun.com/zh/model-studio/get-temporary-file-url
def grant_step(base_url: str, model: str) -> RequestStep[UploadGrant]:
    """Return the step that requests permission to upload one file for `model`."""
    query = urlencode({"action": "getPolicy", "model": model})
    request = Request("GET", f"{base_url}{UPLOADS}?{query}", (("accept", MEDIA_TYPE), USER_AGENT))
    return RequestStep(request, partial(parse_grant, model))


def store_step(grant: UploadGrant, key: str, file: ImageFile) -> RequestStep[None]:
    """Return the step that uploads `file` as `key`. It goes to the storage's host, without the API key."""
    fields = {
        "OSSAccessKeyId": grant.oss_access_key_id,
        "Signature": grant.signature,
        "policy": grant.policy,
        "key": key,
        "x-oss-object-acl": grant.x_oss_object_acl,
        "x-oss-forbid-overwrite": grant.x_oss_forbid_overwrite,
        "success_action_status": "200",
    }
    request = Request("POST", grant.upload_host, (USER_AGENT,))
    return RequestStep(request, check_stored, with_key=False, form=FileForm(fields, file))
