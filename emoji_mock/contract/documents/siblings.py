"""The verdicts of the other detection models, strictly typed; fields are in the vendor's key order."""

from msgspec import UNSET, Struct, UnsetType, field

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
