"""The JSON documents of face-detect, strictly typed; fields are in the vendor's key order.

msgspec, not pydantic, because a fake must start fast: it costs a fifth of the import and a third of the validation.
"""

from typing import Annotated, Generic, Literal, TypeVar

from msgspec import Meta, Struct

from emoji_mock.contract.endpoint import MODEL
from emoji_mock.contract.geometry import Box

Output = TypeVar("Output", bound=Struct)
"""What a model says of a picture."""

PUBLIC_URL = r"^https?://[A-Za-z0-9][^\s\x00-\x20\x7f\x85]*$"
"""A public URL as a JSON schema has it; the schemas do not show what the fake alone takes."""
ImageURL = Annotated[
    str,
    Meta(
        description="Public http(s) URL of a portrait; the fake also takes `oss://` and looks inside `data:` URLs.",
        extra_json_schema={"pattern": PUBLIC_URL},
        examples=["https://emoji-mock.test/passed/640x800.png"],
    ),
]


class Input(Struct, frozen=True):
    """The picture to inspect."""

    image_url: ImageURL


class Parameters(Struct, frozen=True):
    """The shape of the larger box; the vendor allows one only."""

    ratio: Literal["1:1"]


class DetectRequest(Struct, frozen=True):
    """The body of a request for a detection."""

    model: Annotated[str, Meta(examples=[MODEL], extra_json_schema={"enum": [MODEL]})]
    input: Input
    parameters: Parameters


class Usage(Struct, frozen=True):
    """The images billed."""

    image_count: int = 1


class Boxes(Struct, frozen=True):
    """The face and the larger box around it, in pixels of the picture."""

    bbox_face: Box
    ext_bbox_face: Box


class PassedResponse(Struct, Generic[Output], frozen=True):
    """HTTP 200, billed: the picture can be animated."""

    output: Output
    usage: Usage
    request_id: str


class FailedOutput(Struct, frozen=True):
    """Why the picture was refused."""

    code: str
    message: str


class FailedResponse(Struct, Generic[Output], frozen=True):
    """HTTP 200, billed: the picture was refused."""

    output: Output
    usage: Usage
    request_id: str


class GatewayErrorResponse(Struct, frozen=True):
    """HTTP 4xx or 5xx, not billed: refused by the gateway, which puts the request id last."""

    code: str
    message: str
    request_id: str


class ServiceErrorResponse(Struct, frozen=True):
    """HTTP 4xx or 5xx, not billed: refused by the service behind the gateway, which puts the request id first."""

    request_id: str
    code: str
    message: str
