"""The plan of a detection: upload a local picture, then ask for its face. Pure; the adapters do the I/O."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from emoji_mock.client.image_ref import make_ref
from emoji_mock.client.parse.detection import check_stored, parse_grant, parse_result
from emoji_mock.client.plan.steps import USER_AGENT, FileForm, RequestStep, image_headers
from emoji_mock.client.results import Passed
from emoji_mock.contract.documents.detection import DetectRequest, Input, Parameters
from emoji_mock.contract.endpoint import FACE_DETECT, MEDIA_TYPE, MODEL, RATIO, UPLOADS
from emoji_mock.contract.exchange import Request

if TYPE_CHECKING:
    from emoji_mock.client.image_ref import ImageFile
    from emoji_mock.client.parse.detection import UploadGrant
    from emoji_mock.client.plan.steps import Flow
    from emoji_mock.client.results import Result


def plan_detection(base_url: str, image: str | ImageFile) -> Flow[Result]:
    """Detect the face in `image`, which is uploaded first if it is a file."""
    result: Result = yield detection_step(base_url, (yield from plan_image_url(base_url, image, MODEL)))
    return replace(result, picture=make_ref(image)) if isinstance(result, Passed) else result


def plan_image_url(base_url: str, image: str | ImageFile, model: str) -> Flow[str]:
    """Return a URL that `model` accepts for `image`, which is uploaded if it is a file."""
    return image if isinstance(image, str) else (yield from plan_upload(base_url, image, model))


def plan_upload(base_url: str, file: ImageFile, model: str = MODEL) -> Flow[str]:
    """Upload `file` for `model` and return its `oss://` URL, which the vendor keeps for 48 hours."""
    grant: UploadGrant = yield grant_step(base_url, model)
    key = f"{grant.upload_dir}/{file.name}"
    yield store_step(grant, key, file)
    return f"oss://{key}"


def detection_step(base_url: str, image_url: str) -> RequestStep[Result]:
    """Return the step that detects the face in the picture at `image_url`."""
    body = msgspec.json.encode(DetectRequest(MODEL, Input(image_url), Parameters(RATIO)))
    request = Request("POST", base_url + FACE_DETECT, image_headers(image_url), body)
    return RequestStep(request, parse_result, billable=True)


# https://help.aliyun.com/zh/model-studio/get-temporary-file-url
def grant_step(base_url: str, model: str) -> RequestStep[UploadGrant]:
    """Return the step that requests permission to upload one file for `model`."""
    query = urlencode({"action": "getPolicy", "model": model})
    request = Request("GET", f"{base_url}{UPLOADS}?{query}", (("accept", MEDIA_TYPE), USER_AGENT))
    return RequestStep(request, parse_grant)


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
