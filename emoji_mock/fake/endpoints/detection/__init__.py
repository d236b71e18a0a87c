"""Detections: one module for each family of models."""

from typing import Any

from emoji_mock.fake.endpoints.detection import animate_anyone, emo, emoji, liveportrait, wan_s2v
from emoji_mock.fake.endpoints.endpoint import Endpoint

ENDPOINTS: tuple[Endpoint[Any], ...] = (
    emoji.FACE_DETECT,
    emo.EMO_DETECT,
    emo.WITHOUT_VERSION,
    wan_s2v.S2V_DETECT,
    liveportrait.LIVEPORTRAIT_DETECT,
    animate_anyone.AA_DETECT,
)
"""The endpoints of all detections; those of emoji-detect-v1 first, which declares how its path is read."""
