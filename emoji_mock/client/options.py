"""The names of the models and of their options, as types. A test compares the names with the contract's models."""

from __future__ import annotations

from typing import Literal, TypeAlias

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
