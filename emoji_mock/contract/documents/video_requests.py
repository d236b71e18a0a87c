"""The requests of the models that make videos, beside emoji-v1; fields are in the order of the vendor's pages."""

from typing import Annotated

from msgspec import Meta, Struct

from emoji_mock.contract.documents.detection import ImageURL
from emoji_mock.contract.endpoint import S2V

AudioURL = Annotated[
    str, Meta(description="A public URL, `oss://…` or `data:`.", examples=["https://example.com/me.wav"])
]


class S2vInput(Struct, frozen=True):
    """The figure and what it says."""

    image_url: ImageURL
    audio_url: AudioURL


class S2vParameters(Struct, frozen=True):
    """The resolution, on which the price depends."""

    resolution: Annotated[str, Meta(extra_json_schema={"enum": ["480P", "720P"]})] = "480P"


class S2vRequest(Struct, frozen=True, omit_defaults=True):
    """The body of a request to wan2.2-s2v."""

    model: Annotated[str, Meta(examples=[S2V], extra_json_schema={"enum": [S2V]})]
    input: S2vInput
    parameters: S2vParameters = S2vParameters()
