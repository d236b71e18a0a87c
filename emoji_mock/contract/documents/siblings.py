"""The requests and verdicts of the other detection models, strictly typed; fields are in the vendor's key order."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from emoji_mock.contract.documents.detection import Input
from emoji_mock.contract.endpoint import ANIMATE_DETECT, EMO_DETECT, LIVEPORTRAIT_DETECT, S2V_DETECT
from emoji_mock.contract.geometry import Box


class EmoPassed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """emo-detect-v1: the face and the larger box around it; `humanoid` stands on one of the vendor's pages only."""

    check_pass: bool
    face_bbox: Box
    ext_bbox: Box
    humanoid: bool | UnsetType = UNSET


class CheckFailed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """emo-detect-v1 and wan2.2-s2v-detect: why the picture was refused; both texts may be empty."""

    check_pass: bool
    humanoid: bool | UnsetType = UNSET
    code: str
    message: str


class S2vPassed(Struct, frozen=True, kw_only=True):
    """wan2.2-s2v-detect: the figure can be animated."""

    check_pass: bool
    humanoid: bool


class LivePortraitOutput(Struct, frozen=True, kw_only=True):
    """liveportrait-detect: whether the portrait can be animated, and why not."""

    is_pass: bool = field(name="pass")
    message: str


class AnimatePassed(Struct, frozen=True, kw_only=True):
    """animate-anyone-detect-gen2: how much of the body is shown, `full` or `half`."""

    bodystyle: str
    check_pass: bool


class AnimateFailed(Struct, frozen=True, kw_only=True):
    """animate-anyone-detect-gen2: why the picture was refused."""

    check_pass: bool
    reason: str
    bodystyle: str


class EmoDetectParameters(Struct, frozen=True):
    """The shape of the larger box: a head, or half a body."""

    ratio: Literal["1:1", "3:4"]


class EmoDetectRequest(Struct, frozen=True):
    """The body of a request for a detection by emo-detect-v1."""

    model: Annotated[str, Meta(examples=[EMO_DETECT], extra_json_schema={"enum": [EMO_DETECT]})]
    input: Input
    parameters: EmoDetectParameters


class PictureRequest(Struct, frozen=True):
    """The body of a request for a detection by a model of face-detect without parameters."""

    model: Annotated[str, Meta(examples=[S2V_DETECT], extra_json_schema={"enum": [S2V_DETECT, LIVEPORTRAIT_DETECT]})]
    input: Input


class AnimateDetectRequest(Struct, frozen=True):
    """The body of a request for a detection by animate-anyone-detect-gen2."""

    model: Annotated[str, Meta(examples=[ANIMATE_DETECT], extra_json_schema={"enum": [ANIMATE_DETECT]})]
    input: Input
