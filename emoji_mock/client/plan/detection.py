"""What is sent: the pure half before the I/O. A step is one exchange, and a detection is a few of them.

No step holds the key: the adapter adds it last, where `keyed` says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeAlias, TypeVar
from urllib.parse import urlencode

import msgspec

from emoji_mock import __version__
from emoji_mock.client.image_ref import remember
from emoji_mock.client.parse import detection as detection_module
from emoji_mock.client.results import Passed
from emoji_mock.contract.endpoint import FACE_DETECT, MEDIA_TYPE, MODEL, RATIO, RESOLVE_HEADER, UPLOADS
from emoji_mock.contract.exchange import Request
from emoji_mock.contract.models.detection import DetectRequest, Input, Parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from emoji_mock.client.parse.detection import Policy
    from emoji_mock.client.plan.images import File
    from emoji_mock.client.results import Result
    from emoji_mock.contract.exchange import Headers, Response

T = TypeVar("T")
USER_AGENT = ("user-agent", f"emoji-mock/{__version__}")


class Form(NamedTuple):
    """A form with a file, which goes last."""

    fields: dict[str, str]
    file: File


class Step(NamedTuple, Generic[T]):
    """One exchange: what to send, and how its answer reads at a time of day.

    `keyed`: the key goes with it. `counts`: it counts against the rate limit, and may be billed. `most` is how much of
    the answer is read, in bytes; the longest document has some hundred.
    """

    request: Request
    read: Callable[[Response, float], T]
    keyed: bool = True
    counts: bool = False
    form: Form | None = None
    most: int = 1024 * 1024


class Pause(NamedTuple):
    """Some seconds in which nothing is sent; `hint` is what to do if the deadline comes before."""

    seconds: float
    hint: str


if TYPE_CHECKING:
    Flow: TypeAlias = Generator[Step[Any] | Pause, Any, T]


def detection(base_url: str, picture: str | File) -> Flow[Result]:
    """Ask for the face in `picture`, which is uploaded first if it is a file."""
    image_url = picture if isinstance(picture, str) else (yield from upload(base_url, picture))
    result: Result = yield detect(base_url, image_url)
    return replace(result, picture=remember(picture)) if isinstance(result, Passed) else result


def alone(step: Step[T]) -> Flow[T]:
    """Take one step and return what it brings."""
    value: T = yield step
    return value


def upload(base_url: str, file: File, model: str = MODEL) -> Flow[str]:
    """Upload `file` for `model` and return its `oss://` URL, which the vendor keeps for 48 hours."""
    policy: Policy = yield ask_policy(base_url, model)
    key = f"{policy.upload_dir}/{file.name}"
    yield store(policy, key, file)
    return f"oss://{key}"


def detect(base_url: str, image_url: str) -> Step[Result]:
    """Return the step that asks for the face behind `image_url`."""
    body = msgspec.json.encode(DetectRequest(MODEL, Input(image_url), Parameters(RATIO)))
    return Step(
        Request("POST", base_url + FACE_DETECT, headers_for(image_url), body), detection_module.result, counts=True
    )


def headers_for(image_url: str) -> Headers:
    """Return the headers of a JSON body that names a picture."""
    headers: Headers = (("content-type", MEDIA_TYPE), ("accept", MEDIA_TYPE), USER_AGENT)
    return (*headers, (RESOLVE_HEADER, "enable")) if image_url.lower().startswith("oss:") else headers


# https://help.aliyun.com/zh/model-studio/get-temporary-file-url
def ask_policy(base_url: str, model: str) -> Step[Policy]:
    """Return the step that asks for leave to upload for `model`."""
    query = urlencode({"action": "getPolicy", "model": model})
    return Step(
        Request("GET", f"{base_url}{UPLOADS}?{query}", (("accept", MEDIA_TYPE), USER_AGENT)), detection_module.policy
    )


def store(policy: Policy, key: str, file: File) -> Step[None]:
    """Return the step that uploads `file` as `key`; it goes to another host, and without our key."""
    fields = {
        "OSSAccessKeyId": policy.oss_access_key_id,
        "Signature": policy.signature,
        "policy": policy.policy,
        "key": key,
        "x-oss-object-acl": policy.x_oss_object_acl,
        "x-oss-forbid-overwrite": policy.x_oss_forbid_overwrite,
        "success_action_status": "200",
    }
    request = Request("POST", policy.upload_host, (USER_AGENT,))
    return Step(request, detection_module.stored, keyed=False, form=Form(fields, file))
