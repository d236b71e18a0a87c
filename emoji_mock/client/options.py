"""The names of the models and of their options, as types. A test compares the names with the contract's models."""

from __future__ import annotations

from typing import Literal, Required, TypeAlias, TypedDict

from emoji_mock.client.image_ref import ImageSource  # noqa: TC001 - so that typing.get_type_hints can read the options

EmojiDetector: TypeAlias = Literal["emoji-detect-v1"]
EmoDetector: TypeAlias = Literal["emo-detect-v1"]
S2vDetector: TypeAlias = Literal["wan2.2-s2v-detect"]
LivePortraitDetector: TypeAlias = Literal["liveportrait-detect"]
AnimateDetector: TypeAlias = Literal["animate-anyone-detect-gen2"]
BoxDetector: TypeAlias = EmojiDetector | EmoDetector
"""The name of a detection model that finds boxes."""
Detector: TypeAlias = BoxDetector | S2vDetector | LivePortraitDetector | AnimateDetector
"""The name of a detection model."""
TaskModelName: TypeAlias = Literal[
    "emoji-v1",
    "emo-v1",
    "wan2.2-s2v",
    "liveportrait",
    "animate-anyone-gen2",
    "animate-anyone-template-gen2",
    "videoretalk",
]
"""The name of a model that makes a video, or the template of one."""
ModelName: TypeAlias = Detector | TaskModelName
"""The name of a model, for an upload."""
Ratio: TypeAlias = Literal["1:1", "3:4"]
"""The shape of the larger box of emo-detect-v1, width to height: a head, or half a body."""


class EmoOptions(TypedDict, total=False):
    """What emo-v1 takes beside a picture: audio of up to a minute, and how much the head moves."""

    audio: Required[ImageSource]
    style_level: Literal["normal", "calm", "active"]


class S2vOptions(TypedDict, total=False):
    """What wan2.2-s2v takes beside a picture: audio of less than 20 seconds, and the resolution."""

    audio: Required[ImageSource]
    resolution: Literal["480P", "720P"]


class LivePortraitOptions(TypedDict, total=False):
    """What liveportrait takes beside a picture: audio of up to three minutes, and how head, mouth and eyes move."""

    audio: Required[ImageSource]
    template_id: Literal["normal", "calm", "active"]
    eye_move_freq: float
    video_fps: int
    mouth_move_strength: float
    paste_back: bool
    head_move_strength: float


class AnimateOptions(TypedDict, total=False):
    """What animate-anyone-gen2 takes beside a picture: a template of the account, the background and the frame."""

    template_id: Required[str]
    use_ref_img_bg: bool
    video_ratio: Literal["9:16", "3:4"]


class RetalkOptions(TypedDict, total=False):
    """The parameters of videoretalk: whether the video is extended to its audio, and how like a face must be."""

    video_extension: bool
    query_face_threshold: int
